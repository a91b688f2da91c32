import { readFileSync } from 'node:fs';
import { Argument } from 'commander';
import { type Outcome, forwardMeeting, respond, sendMail, smartMail } from '../mail';
import { ExitCode, Failure } from './failure';
import { program, withFolders } from './program';
import type { Report } from './report';

const userResponses = { accept: 1, tentative: 2, decline: 3 } as const;

program
  .command('send')
  .description('sends a mail: a file with the whole message, or - for standard input')
  .argument('<file>')
  .option('--client-id <id>', 'ClientId, to repeat a mail on purpose')
  .option('--no-save', 'keep no copy in the sent folder')
  .action((file: string, options: { clientId?: string; save: boolean }) =>
    withFolders(async (device, report) => {
      const mail = { mime: readMessage(file), saveInSent: options.save };
      show(
        report,
        await sendMail(device, options.clientId === undefined ? mail : { ...mail, clientId: options.clientId }),
      );
    }),
  );

for (const [name, command] of [
  ['reply', 'SmartReply'],
  ['forward', 'SmartForward'],
] as const)
  program
    .command(name)
    .description(`${name === 'reply' ? 'answers' : 'forwards'} the item with this ServerId, by a file with the message`)
    .argument('<serverId>')
    .argument('<file>')
    .option('--replace', 'the message is sent as it is, without the original')
    .action((itemId: string, file: string, options: { replace?: boolean }) =>
      withFolders(async (device, report) => {
        const source = { folderId: folderOf(itemId), itemId, replaceMime: options.replace === true };
        show(report, await smartMail(device, command, source, { mime: readMessage(file), saveInSent: true }));
      }),
    );

program
  .command('forward-meeting')
  .description('16.x: forwards an item of the calendar to others')
  .argument('<serverId>')
  .argument('<address...>')
  .option('--text <text>', 'a remark')
  .action((itemId: string, addresses: string[], options: { text?: string }) =>
    withFolders(async (device, report) => {
      const forwardees = addresses.map((email) => ({ email }));
      show(report, await forwardMeeting(device, { folderId: folderOf(itemId), itemId }, { forwardees, ...options }));
    }),
  );

program
  .command('respond')
  .description('answers the meeting request, or the meeting in the calendar, with this ServerId')
  .argument('<serverId>')
  .addArgument(new Argument('<answer>').choices(Object.keys(userResponses)))
  .option('--instance <start>', 'one occurrence of a series')
  .option('--send', '16.x: the server mails the organizer')
  .option('--text <text>', '16.x: a remark for the organizer')
  .option('--proposed-start <time>', '16.1: another time')
  .option('--proposed-end <time>', '16.1: another time')
  .action((requestId: string, answer: keyof typeof userResponses, options: RespondOptions) =>
    withFolders(async (device, report) => {
      const { instance, send, ...sendResponse } = options;
      const [outcome] = await respond(device, [
        {
          userResponse: userResponses[answer],
          collectionId: folderOf(requestId),
          requestId,
          ...(instance === undefined ? {} : { instanceId: instance }),
          ...(send === true || Object.keys(sendResponse).length > 0 ? { sendResponse } : {}),
        },
      ]);
      if (outcome) show(report, outcome);
    }),
  );

interface RespondOptions {
  readonly instance?: string;
  readonly send?: boolean;
  readonly text?: string;
  readonly proposedStart?: string;
  readonly proposedEnd?: string;
}

function readMessage(file: string): Uint8Array {
  return readFileSync(file === '-' ? 0 : file);
}

/** ServerIds of this server begin with the CollectionId. */
function folderOf(serverId: string): string {
  return serverId.split(':')[0] ?? '';
}

function show(report: Report, outcome: Outcome & { calendarId?: string | undefined }): void {
  const { http, status, calendarId } = outcome;
  const words = [`HTTP ${http}`, status && `status ${status}`, calendarId && `calendar ${calendarId}`];
  const line = words.filter(Boolean).join(', ');
  report.say(line, 'outcome', outcome);
  if (http !== 200 || (status !== undefined && status !== '1')) throw new Failure(line, ExitCode.Refused);
}
