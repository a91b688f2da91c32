import type { DeviceRecord } from '@oxtender/bundle-api';
import type { Texts } from '../texts';

/** How a device stands, in a word and a sentence. */
export interface DeviceState {
  readonly tone: 'good' | 'wait' | 'bad';
  readonly label: string;
  readonly text?: string;
}

export function deviceState({ access, wipe }: DeviceRecord, texts: Texts): DeviceState {
  switch (wipe?.state) {
    case 'requested':
      return { tone: 'wait', label: texts.wipeRequested, text: texts.wipeRequestedText };
    case 'sent':
      return { tone: 'wait', label: texts.wipeSent, text: texts.wipeSentText };
    case 'failed':
      return { tone: 'bad', label: texts.wipeFailed, text: texts.wipeFailedText };
    case 'confirmed':
      return { tone: 'bad', label: texts.wipeConfirmed, text: texts.wipeConfirmedText };
    case undefined:
  }
  if (access === 'blocked') return { tone: 'bad', label: texts.blocked, text: texts.blockedText };
  if (access === 'quarantined') return { tone: 'wait', label: texts.quarantined, text: texts.quarantinedText };
  return { tone: 'good', label: texts.active };
}
