/** Longest FileReference. [MS-ASAIRS] "FileReference (Fetch)". */
const maxLength = 256;

/** Which attachment of which item. */
export interface FileReference {
  readonly serverId: string;
  readonly attachmentId: string;
}

/** The text by which a device asks for an attachment; undefined when the ids are too long for one. */
export function encodeFileReference({ serverId, attachmentId }: FileReference): string | undefined {
  const text = `${escape(serverId)}/${escape(attachmentId)}`;
  return text.length <= maxLength ? text : undefined;
}

/** Reads what {@link encodeFileReference} made, or what a device made of it; undefined when it is none. */
export function decodeFileReference(text: string): FileReference | undefined {
  const parts = text.split('/');
  const [serverId = '', attachmentId = ''] = parts.map(unescape);
  return parts.length === 2 && serverId !== '' && attachmentId !== '' ? { serverId, attachmentId } : undefined;
}

// Plain ids stay readable and survive in a query as they are.
const escape = (id: string): string =>
  id.replace(/[^A-Za-z0-9.:_-]/g, (character) => `~${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
const unescape = (text: string): string =>
  text.replace(/~([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
