import type { BundlePermissions } from '@oxtender/bundle-api';

/** What a manifest permits its bundle, one line each: `services.register example.*` (rule X4). */
export function permissionTexts(permissions: BundlePermissions = {}): string[] {
  return Object.entries(permissions).flatMap(([area, value]) => textsOf(area, value));
}

function textsOf(area: string, value: unknown): string[] {
  if (Array.isArray(value)) return value.map((each) => `${area} ${String(each)}`);
  return Object.entries(value as object).flatMap(([part, each]) => textsOf(`${area}.${part}`, each));
}
