/** Settings of the bundle, as `ajp.properties` names them; described by the JSON Schema in package.json. */
export interface AjpConfig {
  readonly 'ajp.enabled': boolean;
  readonly 'ajp.address': string;
  readonly 'ajp.port': number;
  /** Empty: none, which only an address of this machine may have. */
  readonly 'ajp.secret': string;
  /** Bytes of the largest packet, its header among them. */
  readonly 'ajp.packet_size': number;
  readonly 'ajp.max_connections': number;
  /** Seconds that a packet of the web server is waited for. */
  readonly 'ajp.idle_timeout': number;
}
