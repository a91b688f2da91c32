import type { Contact } from '@oxtender/bundle-api';
import { categories, flag, note, plainDate, text as textCodec, textList } from './codecs';
import { type ColumnMapping, ColumnTable, column } from './column-table';

/** Fields of a contact that are text. */
type TextField = {
  [K in keyof Contact]-?: Contact[K] extends string | undefined ? K : never;
}[keyof Contact];

function text(id: number, name: string, key: TextField, optional = false): ColumnMapping<Contact, unknown> {
  return column<Contact, TextField>([id, name], key, textCodec, optional);
}

/**
 * OX HTTP API, "Detailed contact data". What OX has no field for lies in `userfield15` to `userfield20`, which its own
 * programs do not use. The picture is read and written apart.
 */
export const contactColumns = new ColumnTable<Contact>([
  text(500, 'display_name', 'displayName'),
  text(599, 'file_as', 'fileAs'),
  text(501, 'first_name', 'firstName'),
  text(503, 'second_name', 'middleName'),
  text(502, 'last_name', 'lastName'),
  text(505, 'title', 'title'),
  text(504, 'suffix', 'suffix'),
  text(515, 'nickname', 'nickname'),
  // The numbers are those of the server; printed tables give others, and old servers have none of the three.
  text(616, 'yomiFirstName', 'yomiFirstName', true),
  text(617, 'yomiLastName', 'yomiLastName', true),
  text(618, 'yomiCompany', 'yomiCompany', true),

  text(569, 'company', 'company'),
  text(519, 'department', 'department'),
  text(520, 'position', 'jobTitle'),
  text(514, 'profession', 'profession'),
  text(522, 'room_number', 'officeLocation'),
  text(536, 'manager_name', 'managerName'),
  text(537, 'assistant_name', 'assistantName'),
  text(585, 'userfield15', 'accountName'),
  text(586, 'userfield16', 'customerId'),
  text(587, 'userfield17', 'governmentId'),

  text(555, 'email1', 'email1'),
  text(556, 'email2', 'email2'),
  text(557, 'email3', 'email3'),
  text(565, 'instant_messenger1', 'instantMessenger1'),
  text(566, 'instant_messenger2', 'instantMessenger2'),
  text(588, 'userfield18', 'instantMessenger3'),
  text(558, 'url', 'webPage'),

  text(542, 'telephone_business1', 'businessPhone1'),
  text(543, 'telephone_business2', 'businessPhone2'),
  text(544, 'fax_business', 'businessFax'),
  text(548, 'telephone_home1', 'homePhone1'),
  text(549, 'telephone_home2', 'homePhone2'),
  text(550, 'fax_home', 'homeFax'),
  text(551, 'cellular_telephone1', 'mobilePhone1'),
  text(552, 'cellular_telephone2', 'mobilePhone2'),
  text(546, 'telephone_car', 'carPhone'),
  text(560, 'telephone_pager', 'pager'),
  text(562, 'telephone_radio', 'radioPhone'),
  text(568, 'telephone_assistant', 'assistantPhone'),
  text(547, 'telephone_company', 'companyPhone'),
  text(553, 'telephone_other', 'otherPhone'),
  text(554, 'fax_other', 'otherFax'),
  text(589, 'userfield19', 'mms'),

  text(523, 'street_business', 'businessStreet'),
  text(526, 'city_business', 'businessCity'),
  text(527, 'state_business', 'businessState'),
  text(525, 'postal_code_business', 'businessPostalCode'),
  text(528, 'country_business', 'businessCountry'),
  text(506, 'street_home', 'homeStreet'),
  text(508, 'city_home', 'homeCity'),
  text(509, 'state_home', 'homeState'),
  text(507, 'postal_code_home', 'homePostalCode'),
  text(510, 'country_home', 'homeCountry'),
  text(538, 'street_other', 'otherStreet'),
  text(539, 'city_other', 'otherCity'),
  text(598, 'state_other', 'otherState'),
  text(540, 'postal_code_other', 'otherPostalCode'),
  text(541, 'country_other', 'otherCountry'),

  column([511, 'birthday'], 'birthday', plainDate),
  column([517, 'anniversary'], 'anniversary', plainDate),
  text(516, 'spouse_name', 'spouse'),
  column([590, 'userfield20'], 'children', textList),

  column([100, 'categories'], 'categories', categories),
  column([518, 'note'], 'body', note),
  column([101, 'private_flag'], 'private', flag),
]);
