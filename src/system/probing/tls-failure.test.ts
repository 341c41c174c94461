import { describe, expect, test } from "vitest";
import { alertName, distrustReason } from "./tls-failure.ts";

describe("alertName()", () => {
  test.each([
    [
      "4093:error:0A000412:SSL routines:ssl3_read_bytes:ssl/tls alert bad certificate:rec_layer_s3.c:918:SSL alert number 42\n",
      "bad_certificate",
    ],
    [
      "C0D7:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:rec_layer_s3.c:1605:SSL alert number 116\n",
      "certificate_required",
    ],
    ["x:SSL alert number 112", "unrecognized_name"],
    ["x:SSL alert number 255", "number 255"],
  ])("reads %j", (message, name) => {
    expect(alertName(message)).toBe(name);
  });

  test.each(["read ECONNRESET", "error:0A00010B:SSL routines:ssl3_get_record:wrong version number", ""])(
    "sees no alert in %j",
    (message) => {
      expect(alertName(message)).toBeUndefined();
    },
  );
});

describe("distrustReason()", () => {
  test.each([
    ["CERT_HAS_EXPIRED", "expired"],
    ["CERT_SIGNATURE_FAILURE", "unknown-authority"],
    ["INVALID_PURPOSE", "other"],
  ])("%s is %s", (code, reason) => {
    expect(distrustReason(code)).toBe(reason);
  });
});
