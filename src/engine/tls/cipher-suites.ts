/** Cipher suites by number: common ones, and those that no server should offer. */

/**
 * Every server of the last twenty years supports at least one of these: AEAD and CBC, with ECDSA and RSA certificates.
 */
export const COMMON_SUITES: readonly number[] = [
  0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0x009e, 0x009f, 0xccaa, 0xc023, 0xc027, 0xc024, 0xc028,
  0xc009, 0xc013, 0xc00a, 0xc014, 0x0033, 0x0039, 0x0067, 0x006b, 0x009c, 0x009d, 0x003c, 0x003d, 0x002f,
  0x0035,
];

/** TLS 1.3 has five, all of them good (RFC 8446 appendix B.4). */
export const TLS13_SUITES: readonly number[] = [0x1301, 0x1302, 0x1303, 0x1304, 0x1305];

/**
 * Suites that protect nothing or can be broken: no encryption, no authentication, export grade, RC4 (RFC 7465),
 * single and triple DES (CVE-2016-2183). Number → OpenSSL's name.
 * @see IANA, TLS Cipher Suites
 */
export const WEAK_SUITES: ReadonlyMap<number, string> = new Map([
  [0x0001, "NULL-MD5"],
  [0x0002, "NULL-SHA"],
  [0x003b, "NULL-SHA256"],
  [0xc006, "ECDHE-ECDSA-NULL-SHA"],
  [0xc010, "ECDHE-RSA-NULL-SHA"],
  [0xc015, "AECDH-NULL-SHA"],
  [0x0003, "EXP-RC4-MD5"],
  [0x0006, "EXP-RC2-CBC-MD5"],
  [0x0008, "EXP-DES-CBC-SHA"],
  [0x0014, "EXP-DHE-RSA-DES-CBC-SHA"],
  [0x0017, "EXP-ADH-RC4-MD5"],
  [0x0019, "EXP-ADH-DES-CBC-SHA"],
  [0x0004, "RC4-MD5"],
  [0x0005, "RC4-SHA"],
  [0x0018, "ADH-RC4-MD5"],
  [0xc007, "ECDHE-ECDSA-RC4-SHA"],
  [0xc011, "ECDHE-RSA-RC4-SHA"],
  [0xc016, "AECDH-RC4-SHA"],
  [0x0009, "DES-CBC-SHA"],
  [0x0015, "DHE-RSA-DES-CBC-SHA"],
  [0x000a, "DES-CBC3-SHA"],
  [0x0016, "DHE-RSA-DES-CBC3-SHA"],
  [0x001b, "ADH-DES-CBC3-SHA"],
  [0xc008, "ECDHE-ECDSA-DES-CBC3-SHA"],
  [0xc012, "ECDHE-RSA-DES-CBC3-SHA"],
  [0xc017, "AECDH-DES-CBC3-SHA"],
  [0x0034, "ADH-AES128-SHA"],
  [0x003a, "ADH-AES256-SHA"],
  [0x006c, "ADH-AES128-SHA256"],
  [0x006d, "ADH-AES256-SHA256"],
  [0x00a6, "ADH-AES128-GCM-SHA256"],
  [0x00a7, "ADH-AES256-GCM-SHA384"],
  [0xc018, "AECDH-AES128-SHA"],
  [0xc019, "AECDH-AES256-SHA"],
]);
