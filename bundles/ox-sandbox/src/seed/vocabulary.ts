/** Words that demonstration data is made of. Any likeness to living people is chance. */
export const firstNames = [
  ...['Anna', 'Bernd', 'Chloé', 'Dmitri', 'Elif', 'Fernando', 'Grace', 'Håkon', 'Ingrid', 'Jörg', 'Katarzyna', 'Liam'],
  ...[
    'Marta',
    'Nguyễn',
    'Olga',
    'Pierre',
    'Quinn',
    'Renée',
    'Søren',
    'Tomáš',
    'Ursula',
    'Viktor',
    'Wanda',
    'Yūki',
    'Zoë',
  ],
] as const;

export const lastNames = [
  ...['Andersson', 'Bauer', 'Castro', 'Dupont', 'Eriksen', 'Fischer', 'García', 'Hofmann', 'Ivanova', 'Janssen'],
  ...['Kowalski', 'Lindqvist', 'Müller', 'Novák', 'O’Brien', 'Petrov', 'Quintero', 'Rossi', 'Schröder', 'Tanaka'],
  ...['Ünal', 'Vogel', 'Weiß', 'Yılmaz', 'Zimmermann'],
] as const;

export const companies = [
  ...['Nordlicht Optik GmbH', 'Alpenmilch eG', 'Hafenkontor AG', 'Studio Kastanie', 'Rheintal Logistik'],
  ...['Café Morgenröte', 'Atlantik Verlag', 'Blue Heron Labs', 'Fjord Energi AS', 'Ceramica Vita SRL'],
] as const;

export const departments = ['Sales', 'Research', 'Finance', 'Support', 'Design', 'Legal'] as const;

export const positions = [
  'Engineer',
  'Account manager',
  'Head of department',
  'Assistant',
  'Consultant',
  'Designer',
] as const;

export const streets = [
  'Lindenallee',
  'Hauptstraße',
  'Rue de la Gare',
  'Storgata',
  'High Street',
  'Calle Mayor',
] as const;

export const cities = [
  ['Köln', '50667', 'Germany'],
  ['Zürich', '8001', 'Switzerland'],
  ['Lyon', '69002', 'France'],
  ['Oslo', '0150', 'Norway'],
  ['Bristol', 'BS1 4DJ', 'United Kingdom'],
  ['Sevilla', '41001', 'Spain'],
] as const;

export const meetingSubjects = [
  ...['Project review', 'Customer visit', 'Weekly planning', 'Budget 2027', 'Interview', 'Release planning'],
  ...['Design workshop', 'Lunch with the team', 'Status call', 'Security audit', 'Training', 'Board meeting'],
] as const;

export const places = ['Room Elbe', 'Room Isar', 'Video call', 'Canteen', 'Office 3.14', 'Customer site'] as const;

export const taskSubjects = [
  ...['Write the report', 'Order toner', 'Call the landlord', 'Prepare slides', 'Review the contract', 'Book flights'],
  ...['Update the inventory', 'Send invoices', 'Water the plants', 'Renew the certificate'],
] as const;

export const mailSubjects = [
  ...['Offer for the new fair stand', 'Minutes of our meeting', 'Question about invoice', 'Holiday plans'],
  ...['Your parcel is on its way', 'Draft of the contract', 'Photos of the summer party', 'Reminder: time sheets'],
  ...['Grüße aus München', 'Change of schedule', 'Welcome aboard', 'Re: Roadmap'],
] as const;

export const sentences = [
  ...['Thank you for the quick answer.', 'Please find the figures below.', 'We should talk about this next week.'],
  ...['The deadline has been moved to Friday.', 'Could you have a look at it when you find the time?'],
  ...['I have put the latest version into the shared folder.', 'Schöne Grüße und bis bald!'],
  ...['Let me know if anything is missing.', 'The numbers look better than last month.'],
] as const;
