import type { Clock, Credentials, DeviceIdentity, DeviceRegistry, Logger, SyncSession } from '@oxtender/bundle-api';
import type { EasConfig } from '../config';
import type { AppliedMails } from '../meetings/applied-mails';
import type { UidMapping } from '../uids/uid-mapping';
import type { Contents } from '../content/contents';
import { type Bytes, Element, type Tag } from '../wbxml';
import type { CommandName } from './command-codes';
import type { MalformedRequest } from './malformed-request';
import type { RequestOf, RequestSchema } from './request-body';
import type { ProtocolVersion, VersionRange } from './versions';

/** What is fixed about a command. */
export interface CommandDescriptor<S extends RequestSchema = RequestSchema> extends VersionRange {
  readonly name: CommandName;
  /** Element of the request's document and of an answer that holds nothing but a status; none for commands without. */
  readonly root?: Tag;
  readonly request: S;
  /** Statuses of the command's own that take the place of common ones, in all versions. */
  readonly status?: {
    /** For a request that breaks the schema. Default: common status 103 (104 for a bad date). */
    readonly malformed?: number | ((violation: MalformedRequest) => number);
    /** For a failure that is the server's fault. Default: common status 110. */
    readonly serverError?: number;
  };
  /** Answers carry the lists of versions and commands, as those to OPTIONS do. */
  readonly advertises?: boolean;
}

/** A command. It is given a valid request and returns what to answer; it sees no bytes, no header and no koa. */
export interface Command<S extends RequestSchema = RequestSchema> {
  execute(request: RequestOf<S>, call: CommandCall): Promise<Answer | LaterAnswer>;
}

/** A class of {@link commandTable}. */
export interface CommandClass<S extends RequestSchema = RequestSchema> {
  readonly descriptor: CommandDescriptor<S>;
  new (services: CommandServices): Command<S>;
}

/** Looks at a call before its command runs, and lets it pass or not. */
export interface Gate {
  /** @throws Refused */
  check(call: CommandCall): void | Promise<void>;
}

/** What the commands are built from. */
export interface CommandServices {
  readonly config: EasConfig;
  readonly clock: Clock;
  readonly devices: DeviceRegistry;
  /** UIDs of events that are too long for devices. */
  readonly uids: UidMapping;
  /** Mails about meetings that count no more. */
  readonly appliedMails: AppliedMails;
  /** Aborted when the bundle begins to stop: requests that wait are then answered at once, in the protocol's terms. */
  readonly draining: AbortSignal;
  /** A new one for each call, decimal. [MS-ASPROV] "PolicyKey". */
  readonly newPolicyKey: () => string;
}

/** Checks a descriptor's type where it is written. */
export function describeCommand<S extends RequestSchema>(descriptor: CommandDescriptor<S>): CommandDescriptor<S> {
  return descriptor;
}

/** `undefined`: status 200 and no body. */
export type Answer = Element | RawAnswer | undefined;

/**
 * The answer of a request that waits, maybe for an hour, among thousands: until it comes, nothing of the request is kept
 * but its connection and what the command itself holds.
 */
export class LaterAnswer {
  constructor(readonly answer: Promise<Answer>) {}
}

/** An answer that is not one document: an attachment, a multipart body. */
export interface RawAnswer {
  readonly contentType: string;
  readonly body: Bytes;
  /** Of a multipart body: its first part, for those who watch. */
  readonly document?: Element;
}

/** The document of an answer, if it has one. */
export function documentIn(answer: Answer): Element | undefined {
  return answer instanceof Element ? answer : answer?.document;
}

/** Command parameters of the query. [MS-ASHTTP] "Command Parameters". */
export interface CommandParameters {
  readonly attachmentName?: string;
  readonly collectionId?: string;
  readonly itemId?: string;
  readonly longId?: string;
  readonly occurrence?: string;
  readonly saveInSent?: boolean;
}

/** One request as the transport understood it. */
export interface CommandCall {
  readonly command: CommandName;
  readonly version: ProtocolVersion;
  readonly device: DeviceIdentity;
  /** Proof of the user; for a command that logs in elsewhere. Never logged. */
  readonly credentials: Credentials;
  /** The device's session, opened for this request and disposed after it. */
  readonly session: SyncSession;
  /** X-MS-PolicyKey; `undefined` when the device sent none. */
  readonly policyKey: number | undefined;
  /** The device takes a multipart answer. */
  readonly acceptMultiPart: boolean;
  readonly parameters: CommandParameters;
  /** Where what is large is kept as long as the call lasts. */
  readonly contents: Contents;
  /** Languages of the user, best first: `['de-DE', 'de']`. */
  readonly languages: readonly string[];
  /** Aborted when the device is gone, or the bundle stops. */
  readonly signal: AbortSignal;
  readonly requestId: string;
  /** Adds user, device and command to every line. */
  readonly log: Logger;
}
