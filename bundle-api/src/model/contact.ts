import type { Body, PlainDate } from './values';

/** An address book entry. Names and values as a person wrote them; nothing but `displayName` is derived. @public */
export interface Contact {
  /** A groupware may make it of the other names, and have it follow them. */
  readonly displayName?: string;
  /** Sort name, for example `Miller, Anna`. */
  readonly fileAs?: string;
  readonly firstName?: string;
  readonly middleName?: string;
  readonly lastName?: string;
  /** Prefix: `Dr.` */
  readonly title?: string;
  readonly suffix?: string;
  readonly nickname?: string;
  readonly yomiFirstName?: string;
  readonly yomiLastName?: string;
  readonly yomiCompany?: string;

  readonly company?: string;
  readonly department?: string;
  readonly jobTitle?: string;
  readonly profession?: string;
  readonly officeLocation?: string;
  readonly managerName?: string;
  readonly assistantName?: string;
  readonly accountName?: string;
  readonly customerId?: string;
  readonly governmentId?: string;

  readonly email1?: string;
  readonly email2?: string;
  readonly email3?: string;
  readonly instantMessenger1?: string;
  readonly instantMessenger2?: string;
  readonly instantMessenger3?: string;
  readonly webPage?: string;

  readonly businessPhone1?: string;
  readonly businessPhone2?: string;
  readonly businessFax?: string;
  readonly homePhone1?: string;
  readonly homePhone2?: string;
  readonly homeFax?: string;
  readonly mobilePhone1?: string;
  readonly mobilePhone2?: string;
  readonly carPhone?: string;
  readonly pager?: string;
  readonly radioPhone?: string;
  readonly assistantPhone?: string;
  readonly companyPhone?: string;
  readonly otherPhone?: string;
  readonly otherFax?: string;
  readonly mms?: string;

  readonly businessStreet?: string;
  readonly businessCity?: string;
  readonly businessState?: string;
  readonly businessPostalCode?: string;
  readonly businessCountry?: string;
  readonly homeStreet?: string;
  readonly homeCity?: string;
  readonly homeState?: string;
  readonly homePostalCode?: string;
  readonly homeCountry?: string;
  readonly otherStreet?: string;
  readonly otherCity?: string;
  readonly otherState?: string;
  readonly otherPostalCode?: string;
  readonly otherCountry?: string;

  readonly birthday?: PlainDate;
  readonly anniversary?: PlainDate;
  readonly spouse?: string;
  readonly children?: readonly string[];

  readonly categories?: readonly string[];
  readonly body?: Body;
  readonly picture?: ContactPicture;
  readonly private?: boolean;
}

/** A contact's photo. @public */
export interface ContactPicture {
  readonly contentType: string;
  /** Base64, so that a record stays plain data. */
  readonly data: string;
}
