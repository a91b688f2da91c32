import { cities, companies, departments, firstNames, lastNames, positions, streets } from './vocabulary';

type ContactBody = Readonly<Record<string, unknown>>;

/** Contacts with many different fields filled, among them long names, umlauts and a distribution list. */
export const demoContacts: readonly ContactBody[] = [
  {
    ...{ display_name: 'Schröder, Jörg', first_name: 'Jörg', last_name: 'Schröder', title: 'Dr.', suffix: 'M.A.' },
    ...{ nickname: 'Jogi', company: 'Nordlicht Optik GmbH', department: 'Research', position: 'Head of department' },
    ...{ email1: 'joerg.schroeder@example.org', email2: 'jogi@example.net', url: 'https://nordlicht.example.org/' },
    ...{
      telephone_business1: '+49 40 5550101',
      cellular_telephone1: '+49 171 5550101',
      fax_business: '+49 40 5550199',
    },
    ...{
      street_business: 'Hafenstraße 12',
      postal_code_business: '20457',
      city_business: 'Hamburg',
      country_business: 'Germany',
    },
    ...{ street_home: 'Lindenallee 3', postal_code_home: '22303', city_home: 'Hamburg', country_home: 'Germany' },
    ...{
      birthday: Date.UTC(1971, 2, 29),
      anniversary: Date.UTC(1999, 7, 14),
      spouse_name: 'Renée',
      number_of_children: '2',
    },
    ...{
      note: 'Prefers calls in the afternoon.\nSpeaks Danish.',
      categories: 'Customer,Friend',
      file_as: 'Schröder, Jörg',
    },
  },
  {
    ...{
      display_name: 'Tanaka, Yūki',
      first_name: 'Yūki',
      last_name: 'Tanaka',
      yomiFirstName: 'ゆうき',
      yomiLastName: 'たなか',
    },
    ...{ company: 'Blue Heron Labs', yomiCompany: 'ブルーヘロン', email1: 'yuki.tanaka@example.org' },
    ...{ telephone_home1: '+81 3 5550 0142', instant_messenger1: 'xmpp:yuki@example.net', categories: 'Supplier' },
  },
  {
    ...{ display_name: 'Alpenmilch eG', company: 'Alpenmilch eG', email1: 'info@alpenmilch.example.org' },
    ...{ telephone_company: '+41 44 5550110', street_business: 'Bahnhofstrasse 77', city_business: 'Zürich' },
  },
  {
    display_name: 'Volleyball team',
    mark_as_distributionlist: true,
    distribution_list: [
      { display_name: 'Bob Sommer', mail: 'bob@example.com', mail_field: 0 },
      { display_name: 'Jörg Schröder', mail: 'joerg.schroeder@example.org', mail_field: 0 },
    ],
  },
  ...firstNames.map((first, index): ContactBody => {
    const last = lastNames[(index * 7 + 3) % lastNames.length] as string;
    const [city, postalCode, country] = cities[index % cities.length] as (typeof cities)[number];
    return {
      ...{ display_name: `${last}, ${first}`, first_name: first, last_name: last, file_as: `${last}, ${first}` },
      ...{ company: companies[index % companies.length], department: departments[index % departments.length] },
      ...{ position: positions[index % positions.length], email1: `contact${index}@example.org` },
      ...{ telephone_business1: `+49 30 555${String(index).padStart(4, '0')}` },
      ...{ street_home: `${streets[index % streets.length] ?? ''} ${index + 1}`, city_home: city },
      ...{ postal_code_home: postalCode, country_home: country },
      ...(index % 3 === 0 ? { birthday: Date.UTC(1960 + index, index % 12, 1 + index) } : {}),
    };
  }),
];
