'use strict';
const { connect } = require('node:net');

const headEnd = Buffer.from('\r\n\r\n');

/**
 * One keep-alive connection, one request at a time: as little work as can be, so that the server is measured and not
 * its client. Understands answers with Content-Length only, which is all that the servers here send.
 */
class Line {
  #socket;
  #waiting;
  #received = Buffer.alloc(0);

  constructor(port) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    /** Resolves when the server has taken the connection. */
    this.connected = new Promise((resolve) => this.#socket.once('connect', resolve));
    this.#socket.on('data', (chunk) => this.#take(chunk));
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('close', () => this.#fail(new Error('the server closed the connection')));
  }

  /** @returns {Promise<{ status: number, head: string, body: Buffer }>} */
  send(request) {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close() {
    this.#socket.destroy();
  }

  #take(chunk) {
    const bytes = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    this.#received = bytes;
    const end = bytes.indexOf(headEnd);
    if (end < 0) return;
    const head = bytes.latin1Slice(0, end);
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    const bodyAt = end + headEnd.length;
    if (bytes.length < bodyAt + length) return;
    this.#received = bytes.subarray(bodyAt + length);
    const { resolve } = this.#waiting;
    this.#waiting = undefined;
    resolve({ status: Number(head.slice(9, 12)), head, body: bytes.subarray(bodyAt, bodyAt + length) });
  }

  #fail(error) {
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}

/** A request as bytes. */
function httpRequest(method, path, headers, body = Buffer.alloc(0)) {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: localhost',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(method === 'GET' || method === 'OPTIONS' ? [] : [`Content-Length: ${body.length}`]),
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]);
}

module.exports = { Line, httpRequest };
