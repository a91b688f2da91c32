import { createHash } from 'node:crypto';
import type { EasConfig } from '../config';
import { type ProtocolVersion, isAtLeast } from '../protocol/versions';
import { Provision, type Element, element } from '../wbxml';

/** Default when the operator says nothing: an empty text is an empty element. [MS-ASPROV] "EASProvisionDoc". */
interface PolicyElement {
  readonly default: string;
  readonly since: ProtocolVersion;
}

const since120 = (value: string): PolicyElement => ({ default: value, since: '12.0' });
const since121 = (value: string): PolicyElement => ({ default: value, since: '12.1' });

/** All settings with a single value, in the order of the schema. [MS-ASPROV] "Provision.xsd". */
const policyElements = {
  DevicePasswordEnabled: since120('0'),
  AlphanumericDevicePasswordRequired: since120('0'),
  PasswordRecoveryEnabled: since120('0'),
  RequireStorageCardEncryption: since121('0'),
  AttachmentsEnabled: since120('1'),
  MinDevicePasswordLength: since120(''),
  MaxInactivityTimeDeviceLock: since120(''),
  MaxDevicePasswordFailedAttempts: since120(''),
  MaxAttachmentSize: since120(''),
  AllowSimpleDevicePassword: since120('1'),
  DevicePasswordExpiration: since120(''),
  DevicePasswordHistory: since120('0'),
  AllowStorageCard: since121('1'),
  AllowCamera: since121('1'),
  RequireDeviceEncryption: since121('0'),
  AllowUnsignedApplications: since121('1'),
  AllowUnsignedInstallationPackages: since121('1'),
  MinDevicePasswordComplexCharacters: since121('1'),
  AllowWiFi: since121('1'),
  AllowTextMessaging: since121('1'),
  AllowPOPIMAPEmail: since121('1'),
  AllowBluetooth: since121('2'),
  AllowIrDA: since121('1'),
  RequireManualSyncWhenRoaming: since121('0'),
  AllowDesktopSync: since121('1'),
  MaxCalendarAgeFilter: since121('0'),
  AllowHTMLEmail: since121('1'),
  MaxEmailAgeFilter: since121('0'),
  MaxEmailBodyTruncationSize: since121('-1'),
  MaxEmailHTMLBodyTruncationSize: since121('-1'),
  RequireSignedSMIMEMessages: since121('0'),
  RequireEncryptedSMIMEMessages: since121('0'),
  RequireSignedSMIMEAlgorithm: since121('0'),
  RequireEncryptionSMIMEAlgorithm: since121('0'),
  AllowSMIMEEncryptionAlgorithmNegotiation: since121('2'),
  AllowSMIMESoftCerts: since121('1'),
  AllowBrowser: since121('1'),
  AllowConsumerEmail: since121('1'),
  AllowRemoteDesktop: since121('1'),
  AllowInternetSharing: since121('1'),
} as const satisfies Record<string, PolicyElement>;

type PolicyElementName = keyof typeof policyElements;

/** The settings that an operator wants for one user. */
export class Policy {
  constructor(readonly settings: ReadonlyMap<PolicyElementName, string>) {}

  /** Changes when the settings do: devices then must apply the policy again. */
  get fingerprint(): string {
    return createHash('sha256')
      .update(JSON.stringify([...this.settings].sort()))
      .digest('base64url')
      .slice(0, 16);
  }

  /** [MS-ASPROV] "EASProvisionDoc". */
  document(version: ProtocolVersion): Element {
    const elements = Object.entries(policyElements)
      .filter(([, { since }]) => isAtLeast(version, since))
      .map(([name, setting]) =>
        element(Provision[name as PolicyElementName], this.settings.get(name as PolicyElementName) ?? setting.default),
      );
    return element(Provision.EASProvisionDoc, elements);
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

  #value(name: PolicyElementName): string {
    return this.settings.get(name) ?? policyElements[name].default;
  }
}

const securityPolicyKey = 'HKLM\\Comm\\Security\\Policy\\LASSD';

/** The policy that the configuration has for a user; `undefined` when none is wanted. */
export function policyFor(login: string, config: EasConfig): Policy | undefined {
  if (!config['com.openexchange.usm.eas.policy.required']) return undefined;
  const forSome = config['com.openexchange.usm.eas.policy.users'].flatMap((line) => {
    const colon = line.indexOf(':');
    return matches(login, line.slice(0, colon)) ? [line.slice(colon + 1)] : [];
  });
  return new Policy(new Map([...config['com.openexchange.usm.eas.policy.settings'], ...forSome].map(parseSetting)));
}

/** Names in a configuration that are no settings, for the health check. */
export function unknownSettings(config: EasConfig): string[] {
  const lines = [
    ...config['com.openexchange.usm.eas.policy.settings'],
    ...config['com.openexchange.usm.eas.policy.users'].map((line) => line.slice(line.indexOf(':') + 1)),
  ];
  return lines.map((line) => parseSetting(line)[0]).filter((name) => !(name in policyElements));
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
