import { type Column, bool, date, derived, int, json, text, texts } from './column';
import { ColumnTable } from './column-table';
import { commonColumns } from './common';

const image = 'FROM contact_image i WHERE i.contact = t.id';

/** Where a picture is fetched: a URL relative to the server's root. */
const imageUrl = `(SELECT '/ajax/image/contact/picture?folder=' || f.folder || '&id=' || t.id || '&timestamp='
  || i.last_modified ${image})`;

const userFields: Column[] = Array.from({ length: 20 }, (_, index) =>
  text(571 + index, `userfield${String(index + 1).padStart(2, '0')}`),
);

/** OX HTTP API, "Detailed contact data"; the order of 538 to 541 is the original's. */
export const contactColumns = new ColumnTable([
  ...commonColumns('contacts'),
  text(500, 'display_name', 320),
  ...texts(501, ['first_name', 'last_name', 'second_name'], 128),
  ...texts(504, ['suffix', 'title'], 64),
  ...texts(506, ['street_home', 'postal_code_home', 'city_home', 'state_home', 'country_home']),
  date(511, 'birthday'),
  ...texts(512, ['marital_status', 'number_of_children', 'profession', 'nickname', 'spouse_name']),
  date(517, 'anniversary'),
  text(518, 'note', 65_535),
  ...texts(519, ['department', 'position', 'employee_type', 'room_number', 'street_business']),
  int(524, 'user_id', { readOnly: true }),
  ...texts(525, ['postal_code_business', 'city_business', 'state_business', 'country_business']),
  ...texts(529, ['number_of_employees', 'sales_volume', 'tax_id', 'commercial_register', 'branches']),
  ...texts(534, ['business_category', 'info', 'manager_name', 'assistant_name']),
  ...texts(538, ['street_other', 'city_other', 'postal_code_other', 'country_other']),
  ...texts(542, ['telephone_business1', 'telephone_business2', 'fax_business']),
  ...texts(545, ['telephone_callback', 'telephone_car', 'telephone_company', 'telephone_home1', 'telephone_home2']),
  ...texts(550, ['fax_home', 'cellular_telephone1', 'cellular_telephone2', 'telephone_other', 'fax_other']),
  ...texts(555, ['email1', 'email2', 'email3', 'url'], 512),
  ...texts(559, ['telephone_isdn', 'telephone_pager', 'telephone_primary', 'telephone_radio', 'telephone_telex']),
  ...texts(564, ['telephone_ttytdd', 'instant_messenger1', 'instant_messenger2', 'telephone_ip']),
  ...texts(568, ['telephone_assistant', 'company'], 512),
  derived(570, 'image1', 'string', 'NULL'),
  ...userFields,
  json(592, 'distribution_list'),
  derived(594, 'number_of_distribution_list', 'int', 'json_array_length(t.distribution_list)'),
  derived(596, 'number_of_images', 'int', `(SELECT count(*) ${image})`),
  derived(597, 'image_last_modified', 'timestamp', `(SELECT i.last_modified ${image})`),
  text(598, 'state_other'),
  text(599, 'file_as', 320),
  derived(601, 'image1_content_type', 'string', `(SELECT i.content_type ${image})`),
  bool(602, 'mark_as_distributionlist'),
  int(605, 'default_address'),
  derived(606, 'image1_url', 'string', imageUrl),
  int(608, 'useCount', { readOnly: true }),
  ...texts(616, ['yomiFirstName', 'yomiLastName', 'yomiCompany']),
  ...texts(619, ['addressHome', 'addressBusiness', 'addressOther'], 1024),
]);

/** Sort orders that are no columns. OX HTTP API, "Detailed contact data", 607 and 609. */
export const contactSortOrders: Readonly<Record<number, string>> = {
  607: `coalesce(t.yomiLastName, t.last_name, t.display_name, t.company, t.email1, t.email2) COLLATE NOCASE`,
  609: `-coalesce(t.useCount, 0), f.folder <> 6, coalesce(t.last_name, t.display_name) COLLATE NOCASE`,
};
