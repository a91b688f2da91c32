import { useLocation } from 'preact-iso';
import type { ComponentChildren } from 'preact';
import { part } from '../api';
import { useIsAdmin } from '../context';
import { ago, timeText, valueText } from '../format';
import type { DeviceDetails } from '../model';
import { ActionButton } from '../parts/action-button';
import { Chip } from '../parts/chip';
import { DataTable } from '../parts/data-table';
import { Facts } from '../parts/facts';
import { Loaded, Page } from '../parts/page';
import { useData } from '../use-data';

interface DeviceProps {
  readonly protocol?: string;
  readonly user?: string;
  readonly id?: string;
}

export function DevicePage({ protocol = '', user = '', id = '' }: DeviceProps) {
  const path = `/devices/${part(protocol)}/${part(user)}/${part(id)}`;
  const data = useData<DeviceDetails>(path, ['bundles']);
  const isAdmin = useIsAdmin();
  return (
    <Page
      title={id}
      above={[['/devices', 'Devices']]}
      lead={`${valueText(data.value?.device['type'])} of ${user}`}
      actions={isAdmin && data.value ? <Actions path={path} details={data.value} onDone={data.reload} /> : undefined}
    >
      <Loaded data={data}>
        {(details) => <Details path={path} details={details} isAdmin={isAdmin} onDone={data.reload} />}
      </Loaded>
    </Page>
  );
}

interface PartProps {
  readonly path: string;
  readonly details: DeviceDetails;
  readonly onDone: () => void;
}

interface DeviceVerb {
  readonly verb: string;
  readonly label: string;
  readonly about: string;
  readonly done: string;
  readonly reason?: boolean;
  readonly danger?: boolean;
  readonly consent?: string;
}

const allow = {
  ...{ verb: 'allow', label: 'Allow', reason: true, done: 'The device may synchronise.' },
  about: 'It may synchronise from its next request on; one that was wiped begins anew.',
};
const block = {
  ...{ verb: 'block', label: 'Block', reason: true, danger: true, done: 'The device is blocked.' },
  about: 'It gets nothing more. What it has, it keeps.',
};
const quarantine = {
  ...{ verb: 'quarantine', label: 'Quarantine', reason: true, done: 'The device waits for consent.' },
  about: 'It gets nothing more until somebody allows it.',
};
const resync = {
  ...{ verb: 'resync', label: 'Resync', done: 'The device begins anew.' },
  about: 'The device forgets all folders and gets everything again, with its next request.',
};
/** What may be done about a device's right to synchronise, by the right that it has. */
const accessVerbs: Readonly<Record<string, readonly DeviceVerb[]>> = {
  allowed: [block, quarantine],
  quarantined: [allow, block],
  blocked: [allow],
};
const wipeAccount = {
  ...{ verb: 'wipe-account', label: 'Wipe account', danger: true, done: 'The account is to be wiped.' },
  about: 'The device removes the data of this account (EAS 16.1); an older one is kept out instead.',
  consent: 'What is only on the device is lost.',
};
const wipe = {
  ...{ verb: 'wipe', label: 'Wipe device', danger: true, done: 'The device is to be wiped.' },
  about: 'The device erases itself, private photos and all, with its next request, and stays blocked.',
  consent: 'The whole device is erased. Nothing brings it back.',
};
const cancelWipe = {
  ...{ verb: 'cancel-wipe', label: 'Cancel wipe', done: 'The wipe is taken back.' },
  about: 'The device is not asked to erase itself any more, or its finished wipe is cleared.',
};
const forget = {
  ...{ verb: 'delete', label: 'Delete', danger: true, done: 'The device is forgotten.' },
  about: 'The host forgets the device. When it comes back, it is new.',
  consent: 'Its block, its wipe and its choice of folders are forgotten too.',
};

function Actions({ path, details: { device }, onDone }: PartProps) {
  const { route } = useLocation();
  const verbs: readonly DeviceVerb[] = [
    ...(accessVerbs[String(device['access'])] ?? []),
    resync,
    ...(device['wipe'] === undefined ? [wipeAccount, wipe] : [cancelWipe]),
    forget,
  ];
  return (
    <>
      {verbs.map((each) => (
        <DeviceAction
          key={each.verb}
          {...each}
          path={`${path}/${each.verb}`}
          onDone={each.verb === 'delete' ? () => route('/devices') : onDone}
        />
      ))}
    </>
  );
}

interface DeviceActionProps extends DeviceVerb {
  readonly path: string;
  readonly body?: object;
  readonly onDone: () => void;
  readonly children?: ComponentChildren;
}

function DeviceAction({ label, about, danger, path, body, done, reason, consent, onDone }: DeviceActionProps) {
  return (
    <ActionButton<{ result: Readonly<Record<string, string>> }>
      label={label}
      question={`${label}?`}
      path={path}
      done={done}
      tone={danger === true ? 'danger' : 'plain'}
      onDone={onDone}
      {...(body && { body })}
      {...(reason === true && { reason })}
      {...(consent !== undefined && { consent })}
    >
      {({ result: { login = '', deviceId = '', type = '', lastSeen = '' } }) => (
        <>
          <p>{about}</p>
          <Facts
            of={[
              ['User', login],
              ['Device', `${deviceId} (${type})`],
              ['Last seen', ago(lastSeen)],
            ]}
          />
        </>
      )}
    </ActionButton>
  );
}

/** Shown by themselves. */
const shown = ['access', 'accessReason', 'wipe', 'wipeState', 'wipeChangedAt', 'firstSeen', 'lastSeen', 'login'];

const names: Readonly<Record<string, string>> = {
  ...{ contextId: 'Context', userId: 'User id', deviceId: 'Device id', protocol: 'Protocol', type: 'Type' },
  ...{
    userAgent: 'User-Agent',
    protocolVersion: 'Protocol version',
    model: 'Model',
    friendlyName: 'Name',
    os: 'System',
  },
  ...{ osLanguage: 'Language', phoneNumber: 'Phone number', imei: 'IMEI' },
};

function Details({ path, details, isAdmin, onDone }: PartProps & { isAdmin: boolean }) {
  const { device, folders, skipped } = details;
  const others = Object.entries(device).filter(([key]) => !shown.includes(key));
  return (
    <>
      <Facts
        of={[
          ['Access', <Chip key="access" text={String(device['access'])} />],
          ...(device['accessReason'] === undefined ? [] : [['Reason', device['accessReason']] as const]),
          ...(device['wipe'] === undefined
            ? []
            : [
                [
                  'Wipe',
                  `${String(device['wipe'])}, ${String(device['wipeState'])} ${ago(device['wipeChangedAt'] ?? 0)}`,
                ] as const,
              ]),
          ['Last seen', `${timeText(device['lastSeen'] ?? 0)} (${ago(device['lastSeen'] ?? 0)})`],
          ['First seen', timeText(device['firstSeen'] ?? 0)],
          ...others.map(([key, value]) => [names[key] ?? key, valueText(value)] as const),
        ]}
      />
      <h2>Items that it does not get</h2>
      <DataTable<DeviceDetails['skipped'][number]>
        caption="Items that the device does not get because they fail"
        rows={skipped}
        keyOf={({ collectionId, itemId }) => `${collectionId} ${itemId}`}
        empty="None."
        columns={[
          { title: 'Folder', cell: ({ folderName }) => folderName },
          { title: 'Item', cell: ({ itemId }) => <code>{itemId}</code> },
          { title: 'Why', cell: ({ reason }) => reason, class: 'wide' },
          { title: 'Since', cell: ({ since }) => ago(since) },
          ...(isAdmin
            ? [
                {
                  title: 'Actions',
                  class: 'actions',
                  cell: ({ collectionId, itemId }: DeviceDetails['skipped'][number]) => (
                    <DeviceAction
                      verb="resend"
                      label="Send again"
                      about="The device gets the item with its next request, if it does not fail again."
                      done="The item is sent again."
                      path={`${path}/resend`}
                      body={{ collection: collectionId, item: itemId }}
                      onDone={onDone}
                    />
                  ),
                },
              ]
            : []),
        ]}
      />
      <h2>Folders</h2>
      <DataTable<DeviceDetails['folders'][number]>
        caption="Folders that the device has"
        rows={folders}
        keyOf={({ collectionId }) => collectionId}
        empty="It has asked for none yet."
        columns={[
          { title: 'Folder', cell: ({ name }) => name, sort: ({ name }) => name },
          { title: 'Class', cell: ({ itemClass }) => itemClass, sort: ({ itemClass }) => itemClass },
          {
            title: 'Id',
            cell: ({ collectionId }) => <code>{collectionId}</code>,
            sort: ({ collectionId }) => collectionId,
          },
          {
            title: 'Last change told',
            cell: ({ changedAt }) => (changedAt === '' ? 'never synchronised' : ago(changedAt)),
            sort: ({ changedAt }) => changedAt,
          },
          ...(isAdmin
            ? [
                {
                  title: 'Actions',
                  class: 'actions',
                  cell: ({ collectionId, name }: DeviceDetails['folders'][number]) => (
                    <DeviceAction
                      {...resync}
                      about={`The device gets the folder ${name} again, with its next request.`}
                      path={`${path}/resync`}
                      body={{ collection: collectionId }}
                      onDone={onDone}
                    />
                  ),
                },
              ]
            : []),
        ]}
      />
    </>
  );
}
