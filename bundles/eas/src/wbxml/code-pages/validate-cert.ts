import { defineCodePage } from '../tag';

/** Code page 11, ValidateCert. [MS-ASWBXML] "Code Page 11: ValidateCert". */
export const ValidateCert = defineCodePage(11, 'ValidateCert', {
  ValidateCert: 0x05,
  Certificates: 0x06,
  Certificate: 0x07,
  CertificateChain: 0x08,
  CheckCRL: 0x09,
  Status: 0x0a,
});
