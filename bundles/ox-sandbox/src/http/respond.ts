import { Readable } from 'node:stream';
import contentDisposition from 'content-disposition';
import type { Context } from 'koa';
import type { Download } from '../modules/module';

/** The content type of envelopes, by version. */
export function writeEnvelope(ctx: Context, text: string, modern: boolean): void {
  ctx.status = 200;
  ctx.set('Content-Type', modern ? 'application/json;charset=UTF-8' : 'text/javascript; charset=UTF-8');
  ctx.body = text;
}

/**
 * The answer to an upload: a page that hands the envelope to the script of the page that sent the form.
 * OX HTTP API, "File uploads".
 */
export function writeCallback(ctx: Context, action: string, text: string): void {
  const script = text.replace(/<\//g, '<\\/');
  ctx.status = 200;
  ctx.set('Content-Type', 'text/html; charset=UTF-8');
  ctx.body =
    '<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8">' +
    `<script type="text/javascript">(parent["callback_${action.replace(/\W/g, '')}"] || window.opener && ` +
    `window.opener["callback_${action.replace(/\W/g, '')}"])(${script})</script></head></html>`;
}

export function writeDownload(ctx: Context, { content, contentType, filename, length }: Download): void {
  ctx.status = 200;
  ctx.set('Content-Type', contentType);
  ctx.set('X-Content-Type-Options', 'nosniff');
  if (filename !== undefined) ctx.set('Content-Disposition', contentDisposition(filename));
  if (Buffer.isBuffer(content)) ctx.body = content;
  else {
    ctx.body = Readable.from(content);
    if (length !== undefined) ctx.length = length;
  }
}

/** Session errors as a browser gets them: a page with status 403. */
export function writeForbiddenPage(ctx: Context, message: string): void {
  ctx.status = 403;
  ctx.set('Content-Type', 'text/html; charset=UTF-8');
  ctx.body = `<!DOCTYPE html><html><head><title>403 Forbidden</title></head><body><h1>Forbidden</h1><p>${escapeHtml(message)}</p></body></html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}
