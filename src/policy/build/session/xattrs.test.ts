import { expect, test } from "vitest";
import { file, LINK, refuseSent } from "../../../../test/support/policy/upload-packets.ts";

const [FILE, FOLDER] = [0o644n, 0x80000000n + 0o755n];
const refuse = (mode: bigint, ...keys: string[]) =>
  refuseSent(
    file({
      ...{ path: "a", mode, ...(mode === LINK && { linkname: "/etc/shadow" }) },
      xattrs: keys.map((key) => ({ key, value: Buffer.from("x") })),
    }),
  );

test("a link has no attributes but its label and a Mac's: the engine would set them on what it leads to", () => {
  const why = "the build's files have a link with extended attributes";
  for (const key of [
    "user.a",
    "security.capability",
    "system.posix_acl_access",
    "system.nfs4_acl",
    "com.example.a",
  ])
    for (const keys of [[key], ["security.selinux", key]]) expect(refuse(LINK, ...keys), key).toContain(why);
  expect(
    refuse(LINK, "security.selinux", "com.apple.provenance", "com.docker.grpcfuse.ownership"),
  ).toBeNull();
});

test.each(["trusted.overlay.redirect", "trusted.a", "user.overlay.opaque"])("nothing has %s", (key) => {
  for (const mode of [FILE, FOLDER, LINK])
    expect(refuse(mode, key)).toContain("the build's files have attributes of overlayfs");
});

test.each([
  ["system.posix_acl_access", "setfacl -R -b"],
  ["system.posix_acl_default", "setfacl -R -b"],
  ["security.ima", "setfattr -x"],
  ["security.SMACK64EXEC", "setfattr -x"],
  ["security.capability2", "setfattr -x"],
  ["security.selinux2", "setfattr -x"],
  ["security.", "setfattr -x"],
  ["system.nfs4_acl_xdr", "setfattr -x"],
  ["system.a", "setfattr -x"],
])("%s is not in the engine's digest, so that another client's copy would have it", (key, remedy) => {
  for (const mode of [FILE, FOLDER]) {
    expect(refuse(mode, key)).toContain(remedy);
    expect(refuse(mode, "user.a", "security.selinux", key)).toContain(remedy);
  }
});

test.each([
  ["of the user", "user.a"],
  ["of a program that may do more", "security.capability"],
  ["of SELinux", "security.selinux"],
  ["of NFS", "system.nfs4_acl", "system.nfs4_dacl", "system.nfs4_sacl"],
  ["of a Mac", "com.apple.quarantine", "com.docker.grpcfuse.ownership"],
])("laptops have those %s", (_whose, ...keys) => {
  for (const mode of [FILE, FOLDER]) expect(refuse(mode, ...keys)).toBeNull();
});
