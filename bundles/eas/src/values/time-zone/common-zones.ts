import type { TimeZoneId } from '@oxtender/bundle-api';

/**
 * One zone for each that Windows knows, as the Unicode CLDR names them ("windowsZones", territory 001), those with most
 * people first where several have the same rules. What a device means by a set of rules is most likely one of them.
 */
export const commonZones: readonly TimeZoneId[] = [
  ...['Europe/Berlin', 'Europe/Paris', 'Europe/Warsaw', 'Europe/Budapest', 'Europe/London', 'Europe/Bucharest'],
  ...['Europe/Kiev', 'Europe/Istanbul', 'Europe/Chisinau', 'Europe/Kaliningrad', 'Europe/Moscow', 'Europe/Minsk'],
  ...['Europe/Samara', 'Europe/Volgograd', 'Europe/Astrakhan', 'Europe/Saratov'],
  ...['America/New_York', 'America/Chicago', 'America/Denver', 'America/Los_Angeles', 'America/Phoenix'],
  ...['America/Anchorage', 'Pacific/Honolulu', 'America/Halifax', 'America/St_Johns', 'America/Regina'],
  ...['America/Indianapolis', 'America/Adak', 'America/Whitehorse', 'America/Tijuana', 'America/Mazatlan'],
  ...['America/Mexico_City', 'America/Cancun', 'America/Guatemala', 'America/Bogota', 'America/Caracas'],
  ...['America/Havana', 'America/Port-au-Prince', 'America/Grand_Turk', 'America/Asuncion', 'America/Cuiaba'],
  ...['America/La_Paz', 'America/Santiago', 'America/Punta_Arenas', 'America/Sao_Paulo', 'America/Bahia'],
  ...['America/Araguaina', 'America/Buenos_Aires', 'America/Cayenne', 'America/Montevideo', 'America/Miquelon'],
  ...['America/Godthab', 'Atlantic/Azores', 'Atlantic/Cape_Verde', 'Atlantic/Reykjavik', 'Africa/Casablanca'],
  ...['Africa/Lagos', 'Africa/Cairo', 'Africa/Johannesburg', 'Africa/Nairobi', 'Africa/Tripoli', 'Africa/Khartoum'],
  ...['Africa/Juba', 'Africa/Windhoek', 'Africa/Sao_Tome', 'Asia/Jerusalem', 'Asia/Beirut', 'Asia/Amman'],
  ...['Asia/Damascus', 'Asia/Hebron', 'Asia/Riyadh', 'Asia/Baghdad', 'Asia/Tehran', 'Asia/Dubai', 'Asia/Baku'],
  ...['Asia/Tbilisi', 'Asia/Yerevan', 'Indian/Mauritius', 'Asia/Kabul', 'Asia/Tashkent', 'Asia/Karachi'],
  ...['Asia/Yekaterinburg', 'Asia/Qyzylorda', 'Asia/Calcutta', 'Asia/Colombo', 'Asia/Katmandu', 'Asia/Dhaka'],
  ...['Asia/Almaty', 'Asia/Omsk', 'Asia/Rangoon', 'Asia/Bangkok', 'Asia/Novosibirsk', 'Asia/Krasnoyarsk'],
  ...['Asia/Barnaul', 'Asia/Tomsk', 'Asia/Hovd', 'Asia/Shanghai', 'Asia/Singapore', 'Asia/Taipei', 'Asia/Irkutsk'],
  ...['Asia/Ulaanbaatar', 'Australia/Perth', 'Australia/Eucla', 'Asia/Tokyo', 'Asia/Seoul', 'Asia/Pyongyang'],
  ...['Asia/Yakutsk', 'Asia/Chita', 'Australia/Darwin', 'Australia/Adelaide', 'Australia/Sydney'],
  ...['Australia/Brisbane', 'Australia/Hobart', 'Australia/Lord_Howe', 'Asia/Vladivostok', 'Asia/Magadan'],
  ...['Asia/Sakhalin', 'Asia/Srednekolymsk', 'Asia/Kamchatka', 'Pacific/Port_Moresby', 'Pacific/Guadalcanal'],
  ...['Pacific/Bougainville', 'Pacific/Norfolk', 'Pacific/Auckland', 'Pacific/Fiji', 'Pacific/Tongatapu'],
  ...['Pacific/Apia', 'Pacific/Chatham', 'Pacific/Kiritimati', 'Pacific/Marquesas', 'Pacific/Easter'],
];
