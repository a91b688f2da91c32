import type { Module } from '../module';
import { changingMails } from './changing';
import { examine, readingMails } from './reading';
import { replyActions } from './reply';
import { sendingMails } from './sending';

/** OX HTTP API, "Module mail", as 6.x has it. */
export const mailOf6: Module = { ...readingMails, ...changingMails, ...sendingMails, ...replyActions };

/** The same with what came with 7.x. */
export const mail: Module = { ...mailOf6, examine };
