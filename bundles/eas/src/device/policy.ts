import { hash } from 'node:crypto';
import type { EasConfig } from '../config';
import { type ProtocolVersion, isAtLeast } from '../protocol/versions';
import { Provision, type Element, element } from '../wbxml';

/** One setting of the document. */
interface PolicyElement {
  /** When the operator says nothing; an empty text is an empty element. [MS-ASPROV] "EASProvisionDoc". */
  readonly default: string;
  readonly since: ProtocolVersion;
  readonly values: Values;
}

/** What a setting may be, for the operator to read, and a test of it. */
interface Values {
  readonly text: string;
  readonly allows: (value: string) => boolean;
}

const oneOf = (...values: readonly number[]): Values => ({
  text: values.join(', '),
  allows: (value) => values.some((each) => String(each) === value),
});
const integer = (least: number, most: number, empty: 'empty' | 'never empty' = 'empty'): Values => ({
  text: `${least} to ${most}${empty === 'empty' ? ', or empty' : ''}`,
  allows: (value) =>
    value === '' ? empty === 'empty' : /^-?\d{1,10}$/.test(value) && Number(value) >= least && Number(value) <= most,
});
const flag = oneOf(0, 1);
const largest = 2_147_483_647;

const since120 = (value: string, values = flag): PolicyElement => ({ default: value, since: '12.0', values });
const since121 = (value: string, values = flag): PolicyElement => ({ default: value, since: '12.1', values });

/** All settings with a single value, in the order of the schema. [MS-ASPROV] "Provision.xsd". */
const policyElements = {
  DevicePasswordEnabled: since120('0'),
  AlphanumericDevicePasswordRequired: since120('0'),
  PasswordRecoveryEnabled: since120('0'),
  RequireStorageCardEncryption: since121('0'),
  AttachmentsEnabled: since120('1'),
  MinDevicePasswordLength: since120('', integer(1, 16)),
  MaxInactivityTimeDeviceLock: since120('', integer(0, largest)),
  MaxDevicePasswordFailedAttempts: since120('', integer(4, 16)),
  MaxAttachmentSize: since120('', integer(0, largest)),
  AllowSimpleDevicePassword: since120('1'),
  DevicePasswordExpiration: since120('', integer(0, 730)),
  DevicePasswordHistory: since120('0', integer(0, 50, 'never empty')),
  AllowStorageCard: since121('1'),
  AllowCamera: since121('1'),
  RequireDeviceEncryption: since121('0'),
  AllowUnsignedApplications: since121('1'),
  AllowUnsignedInstallationPackages: since121('1'),
  MinDevicePasswordComplexCharacters: since121('1', integer(1, 4, 'never empty')),
  AllowWiFi: since121('1'),
  AllowTextMessaging: since121('1'),
  AllowPOPIMAPEmail: since121('1'),
  AllowBluetooth: since121('2', oneOf(0, 1, 2)),
  AllowIrDA: since121('1'),
  RequireManualSyncWhenRoaming: since121('0'),
  AllowDesktopSync: since121('1'),
  MaxCalendarAgeFilter: since121('0', oneOf(0, 4, 5, 6, 7)),
  AllowHTMLEmail: since121('1'),
  MaxEmailAgeFilter: since121('0', oneOf(0, 1, 2, 3, 4, 5)),
  MaxEmailBodyTruncationSize: since121('-1', integer(-1, largest, 'never empty')),
  MaxEmailHTMLBodyTruncationSize: since121('-1', integer(-1, largest, 'never empty')),
  RequireSignedSMIMEMessages: since121('0'),
  RequireEncryptedSMIMEMessages: since121('0'),
  RequireSignedSMIMEAlgorithm: since121('0'),
  RequireEncryptionSMIMEAlgorithm: since121('0', oneOf(0, 1, 2, 3, 4)),
  AllowSMIMEEncryptionAlgorithmNegotiation: since121('2', oneOf(0, 1, 2)),
  AllowSMIMESoftCerts: since121('1'),
  AllowBrowser: since121('1'),
  AllowConsumerEmail: since121('1'),
  AllowRemoteDesktop: since121('1'),
  AllowInternetSharing: since121('1'),
} as const satisfies Record<string, PolicyElement>;

type SingleName = keyof typeof policyElements;

/** Settings with several values, after the single ones; the operator writes `;` between them. Since 12.1. */
const policyLists = {
  UnapprovedInROMApplicationList: Provision.ApplicationName,
  ApprovedApplicationList: Provision.Hash,
} as const;

type ListName = keyof typeof policyLists;
type PolicyElementName = SingleName | ListName;

/** The settings that an operator wants for one user. */
export class Policy {
  #fingerprint: string | undefined;

  constructor(readonly settings: ReadonlyMap<PolicyElementName, string>) {}

  /** Changes when the settings do: devices then must apply the policy again. */
  get fingerprint(): string {
    return (this.#fingerprint ??= hash('sha256', JSON.stringify([...this.settings].sort()), 'base64url').slice(0, 16));
  }

  /** [MS-ASPROV] "EASProvisionDoc". */
  document(version: ProtocolVersion): Element {
    const elements = Object.entries(policyElements)
      .filter(([, { since }]) => isAtLeast(version, since))
      .map(([name]) => element(Provision[name as SingleName], this.#value(name as SingleName)));
    const lists = isAtLeast(version, '12.1') ? this.#lists() : [];
    return element(Provision.EASProvisionDoc, [...elements, ...lists]);
  }

  /** The document of 2.5 devices: only the password can be asked for. [MS-ASPROV] "MS-WAP-Provisioning-XML". */
  wapDocument(): string {
    const required = this.#value('DevicePasswordEnabled') === '1';
    const parm = (name: string, value: string) => `<parm name="${name}" value="${value}"/>`;
    const registry = (path: string, ...parms: string[]) =>
      `<characteristic type="${securityPolicyKey}\\${path}">${parms.join('')}</characteristic>`;
    const minutes = Math.ceil(Number(this.#value('MaxInactivityTimeDeviceLock') || '0') / 60);
    const lock = registry(
      `AE\\{50C13377-C66D-400C-889E-C316FC4AB374}`,
      parm('AEFrequencyType', minutes > 0 ? '1' : '0'),
      parm('AEFrequencyValue', String(minutes)),
    );
    const password = registry(
      'LAP\\lap_pw',
      parm('MinimumPasswordLength', this.#value('MinDevicePasswordLength') || '1'),
      parm('PasswordComplexity', this.#value('AlphanumericDevicePasswordRequired') === '1' ? '0' : '2'),
    );
    const details = required ? `<characteristic type="Registry">${lock}${password}</characteristic>` : '';
    const security = `<characteristic type="SecurityPolicy">${parm('4131', required ? '0' : '1')}</characteristic>`;
    return `<wap-provisioningdoc>${security}${details}</wap-provisioningdoc>`;
  }

  #value(name: SingleName): string {
    return this.settings.get(name) ?? policyElements[name].default;
  }

  #lists(): Element[] {
    return (Object.keys(policyLists) as ListName[]).flatMap((name) => {
      const values = (this.settings.get(name) ?? '').split(';').map((value) => value.trim());
      const given = values.filter((value) => value !== '').map((value) => element(policyLists[name], value));
      return given.length === 0 ? [] : [element(Provision[name], given)];
    });
  }
}

const securityPolicyKey = 'HKLM\\Comm\\Security\\Policy\\LASSD';

/** Whom a policy is for. */
export interface PolicyHolder {
  readonly login: string;
  readonly deviceType: string;
}

/** The policy that the configuration has for a user's device; `undefined` when none is wanted. */
export function policyFor({ login, deviceType }: PolicyHolder, config: EasConfig): Policy | undefined {
  if (config['com.openexchange.usm.eas.policy.exempt_devices'].some((type) => matches(deviceType, type)))
    return undefined;
  let settings = config['com.openexchange.usm.eas.policy.required'] ? generalSettings(config) : undefined;
  for (const { pattern, rule } of userRules(config)) {
    if (!matches(login, pattern)) continue;
    if (rule === noPolicy) settings = undefined;
    else if (isSetting(rule)) settings = new Map([...(settings ?? generalSettings(config)), parseSetting(rule)]);
  }
  return settings && new Policy(settings);
}

/** Stands for settings in a user's line: these users get no policy. */
const noPolicy = 'none';

/** What is wrong with the settings in a configuration: those are left out of the policies. */
export function policyFaults(config: EasConfig): string[] {
  const lines = [...config['com.openexchange.usm.eas.policy.settings'], ...userRules(config).map(({ rule }) => rule)];
  return lines.flatMap((line) => faultOf(line) ?? []);
}

function generalSettings(config: EasConfig): Map<PolicyElementName, string> {
  return new Map(config['com.openexchange.usm.eas.policy.settings'].filter(isSetting).map(parseSetting));
}

function userRules(config: EasConfig): { pattern: string; rule: string }[] {
  return config['com.openexchange.usm.eas.policy.users'].map((line) => {
    const colon = line.indexOf(':');
    return { pattern: line.slice(0, colon), rule: line.slice(colon + 1).trim() };
  });
}

function isSetting(line: string): boolean {
  return faultOf(line) === undefined;
}

function faultOf(line: string): string | undefined {
  if (line === noPolicy) return undefined;
  const [name, value] = parseSetting(line);
  if (Object.hasOwn(policyLists, name)) return undefined;
  if (!Object.hasOwn(policyElements, name)) return `${name} is no setting`;
  const { text, allows } = policyElements[name as SingleName].values;
  return allows(value) ? undefined : `${name}=${value}: it may be ${text}`;
}

function parseSetting(line: string): [PolicyElementName, string] {
  const equals = line.indexOf('=');
  return [line.slice(0, equals).trim() as PolicyElementName, line.slice(equals + 1).trim()];
}

/** `*` stands for any text; case does not matter. */
export function matches(login: string, pattern: string): boolean {
  const escaped = pattern
    .trim()
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${escaped.join('.*')}$`, 'i').test(login);
}
