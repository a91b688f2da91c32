/** As `devices list` has it. */
export interface DeviceRow {
  readonly user: string;
  readonly protocol: string;
  readonly device: string;
  readonly type: string;
  readonly access: string;
  readonly wipe: string;
  readonly lastSeen: string;
}

/** What the browser gets of all devices. */
export interface DevicePage {
  readonly total: number;
  readonly found: number;
  readonly page: number;
  readonly pageSize: number;
  readonly rows: readonly DeviceRow[];
}
