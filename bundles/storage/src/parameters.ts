/** Makes parameters what both drivers can bind: no booleans, bytes as Buffer. Copies only when it must. */
export function bindable(parameters: readonly unknown[]): readonly unknown[] {
  return parameters.every(isPlain) ? parameters : parameters.map(toPlain);
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || value === null || Buffer.isBuffer(value);
}

function toPlain(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Uint8Array && !Buffer.isBuffer(value))
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return value;
}
