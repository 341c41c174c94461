/** Every text here was printed by OpenSSH 9.2 against a real sshd or a misbehaving peer, unless marked otherwise. */
import { describe, expect, test } from "vitest";
import { classifySshFailure, withoutRemoteCommand } from "./ssh-failure.ts";

const CUT_PIPE =
  "kex_exchange_identification: Connection closed by remote host\r\nConnection closed by UNKNOWN port 65535\r\n";

const classify = (stderr: string, status: number | null = 255) =>
  classifySshFailure({ status, stderr, destination: "me@box" });

describe("classifySshFailure()", () => {
  test.each([
    [
      "ssh: Could not resolve hostname no-such-host.invalid: Name or service not known\r\n",
      "SSH_HOST_UNKNOWN",
    ],
    ["ssh: connect to host 127.0.0.1 port 1: Connection refused\r\n", "SSH_REFUSED"],
    ["ssh: connect to host ::1 port 1: Connection refused\r\n", "SSH_REFUSED"],
    ["ssh: connect to host 2001:db8::1 port 22: No route to host\r\n", "SSH_UNREACHABLE"],
    // strerror(3) and macOS
    ["ssh: connect to host 192.0.2.1 port 22: Network is unreachable\r\n", "SSH_UNREACHABLE"],
    ["ssh: connect to host 192.0.2.1 port 22: Connection timed out\r\n", "SSH_TIMEOUT"],
    ["ssh: connect to host 192.0.2.1 port 22: Operation timed out\r\n", "SSH_TIMEOUT"],
    [
      "Connection timed out during banner exchange\r\nConnection to 127.0.0.1 port 40091 timed out\r\n",
      "SSH_TIMEOUT",
    ],
    // clientloop.c
    ["Timeout, server box not responding.\r\n", "SSH_TIMEOUT"],
    ["Host key verification failed.\r\n", "SSH_HOSTKEY_UNKNOWN"],
    [
      "No ED25519 host key is known for [127.0.0.1]:22022 and you have requested strict checking.\r\nHost key verification failed.\r\n",
      "SSH_HOSTKEY_UNKNOWN",
    ],
    ["root@127.0.0.1: Permission denied (publickey).\r\n", "SSH_DENIED"],
    [
      "Warning: Identity file /nokey not accessible: No such file or directory.\nroot@127.0.0.1: Permission denied (publickey,password).\r\n",
      "SSH_DENIED",
    ],
    [
      "Received disconnect from 127.0.0.1 port 22022:2: Too many authentication failures\r\nDisconnected from 127.0.0.1 port 22022\r\n",
      "SSH_DENIED",
    ],
    [
      "Unable to negotiate with 127.0.0.1 port 22022: no matching key exchange method found. Their offer: sntrup761x25519-sha512\r\n",
      "SSH_KEX",
    ],
    [
      "Unable to negotiate with 127.0.0.1 port 22022: no matching host key type found. Their offer: ssh-ed25519\r\n",
      "SSH_KEX",
    ],
    [
      "kex_exchange_identification: Connection closed by remote host\r\nConnection closed by 127.0.0.1 port 43375\r\n",
      "SSH_CLOSED",
    ],
    [
      "kex_exchange_identification: read: Connection reset by peer\r\nConnection reset by 127.0.0.1 port 38795\r\n",
      "SSH_CLOSED",
    ],
    ["Connection closed by 127.0.0.1 port 37019\r\n", "SSH_CLOSED"],
    ["Connection to 127.0.0.1 closed by remote host.\r\n", "SSH_CLOSED"],
    [
      "cfg: line 1: Bad configuration option: foo\r\ncfg: terminating, 1 bad configuration options\r\n",
      "SSH_CONFIG",
    ],
    ["cfg2 line 1: Bad port 'abc'.\r\n", "SSH_CONFIG"],
    ["command-line: line 0: Bad configuration option: foo\r\n", "SSH_CONFIG"],
    ["Can't open user config file nonexist: No such file or directory\r\n", "SSH_CONFIG"],
    ["remote username contains invalid characters\r\n", "SSH_CONFIG"],
    // readconf.c
    ["Bad owner or permissions on /home/me/.ssh/config\r\n", "SSH_CONFIG"],
    // warnings of readconf.c come before the failure
    [
      '/etc/ssh/ssh_config line 53: Unsupported option "gssapiauthentication"\r\nssh: connect to host box port 22: Connection refused\r\n',
      "SSH_REFUSED",
    ],
    ['/etc/ssh/ssh_config line 53: Deprecated option "useroaming"\r\n', "SSH_FAILED"],
    ["hm\n", "SSH_FAILED"],
    ["", "SSH_FAILED"],
  ])("%j is %s", (stderr, code) => {
    const error = classify(stderr);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(
      /me@box|127\.0\.0\.1|::1|192\.0\.2\.1|2001:db8::1|no-such-host|\.ssh\/config|box/,
    );
    expect(error.message).toMatch(/^[^A-Z].*[^.]$/);
    expect(error.hints.length).toBeGreaterThan(0);
    // The decisive line is ssh's own, not a warning before it.
    const [own = ""] = error.why;
    expect(stderr.replaceAll('"', "'")).toContain(own.slice(1, -1));
    expect(own === "").toBe(stderr === "");
    for (const hint of error.hints) expect(hint).toMatch(/^(ssh|ssh-add|tetherdock|chmod|man) /);
  });

  test.each([
    [127, "sh: 1: exec: ssh: not found\n"],
    [127, "sh: line 1: exec: ssh: not found\n"],
    [null, "spawn ssh ENOENT"],
    [null, ""],
  ])("a machine without ssh: %j %j", (status, stderr) => {
    expect(classify(stderr, status).code).toBe("SSH_MISSING");
  });

  test("another status with another message is not taken for a missing ssh", () => {
    expect(classify("bash: line 1: nosuchcmd: command not found\n", 127).code).toBe("HOST_NO_SHELL");
    expect(classify("spawn ssh EACCES", null)).toMatchObject({
      code: "SSH_FAILED",
      message: "ssh to me@box could not be started",
      why: ['"spawn ssh EACCES"'],
    });
  });
});

test("a login shell that ends by itself is quoted, whatever a banner says; hints disable RemoteCommand", () => {
  const failure = { status: 1, stderr: "Permission denied (publickey).\n", stdout: "no logins here\n" };
  const error = classifySshFailure({ ...failure, destination: "me@box" });
  expect(error).toMatchObject({ code: "HOST_NO_SHELL", why: expect.arrayContaining(['"no logins here"']) });
  expect(error.hints[0]).toBe("ssh -T me@box 'echo it works'");
  expect(withoutRemoteCommand(error).hints[0]).toBe("ssh -o RemoteCommand=none -T me@box 'echo it works'");
});

describe("a changed host key", () => {
  const changed = (remove: string) => `@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\r
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\r
IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!\r
The fingerprint for the ED25519 key sent by the remote host is\nSHA256:k1LOVvHyd049b47cgH+gnieAuyUB9hsr0nVFHUd72T8.\r
Please contact your system administrator.\r
Add correct host key in /home/me/known hosts to get rid of this message.\r
Offending ED25519 key in /home/me/known hosts:1\r
${remove}Host key for [127.0.0.1]:22022 has changed and you have requested strict checking.\r
Host key verification failed.\r
`;

  test("is never accepted: first the comparison, then the command", () => {
    const error = classify(changed('  remove with:\r\n  ssh-keygen -f "/x" -R "evil; rm -rf ~"\r\n'));
    expect(error.code).toBe("SSH_HOSTKEY_CHANGED");
    expect(error.why[0]).toContain("SHA256:k1LOVvHyd049b47cgH+gnieAuyUB9hsr0nVFHUd72T8;");
    expect(error.hints[0]).toContain("console");
    // Built by us from quoted names, not copied from stderr.
    expect(error.hints.at(-1)).toBe(
      "ssh-keygen -f '/home/me/known hosts' -R '[127.0.0.1]:22022'   # if they are the same: removes the old key",
    );
  });

  test("on a jump host is also a changed key", () => {
    expect(classify(changed("") + CUT_PIPE).code).toBe("SSH_HOSTKEY_CHANGED");
  });

  test("that is revoked gets no command to forget it", () => {
    const error = classify(`@       WARNING: REVOKED HOST KEY DETECTED!               @\r
The ED25519 host key for [127.0.0.1]:22022 is marked as revoked.\r
ED25519 host key for [127.0.0.1]:22022 was revoked and you have requested strict checking.\r
Host key verification failed.\r
`);
    expect(error.code).toBe("SSH_HOSTKEY_CHANGED");
    expect(error.hints.join()).not.toContain("ssh-keygen -R");
    expect(error.why).toEqual([
      '"ED25519 host key for [127.0.0.1]:22022 was revoked and you have requested strict checking."',
    ]);
  });
});

describe("jump hosts", () => {
  test.each([
    [
      "ssh: Could not resolve hostname no-such.invalid: Name or service not known\r\n",
      "jump host no-such.invalid",
    ],
    ["ssh: connect to host 127.0.0.1 port 1: Connection refused\r\n", "jump host 127.0.0.1"],
    ["root@127.0.0.1: Permission denied (publickey).\r\n", "jump host root@127.0.0.1"],
    ["Host key verification failed.\r\n", "jump host"],
    ["/bin/bash: line 1: /nonexist: No such file or directory\n", "jump host"],
    ["", "jump host"],
  ])("%j fails at the hop", (hop, at) => {
    const error = classify(hop + CUT_PIPE);
    expect(error.code).toBe("SSH_JUMP_FAILED");
    expect(error.message).toBe(`cannot connect to me@box through its ${at}`);
    expect(error.why).toEqual(hop === "" ? [] : [`"${hop.trim()}"`]);
  });

  test.each(["Connection refused", "Name or service not known"])("%s beyond the hop", (why) => {
    const error = classify(
      `channel 0: open failed: connect failed: ${why}\r\nstdio forwarding failed\r\n${CUT_PIPE}`,
    );
    expect(error).toMatchObject({
      code: "SSH_JUMP_FAILED",
      message: "the jump host cannot connect to me@box",
      why: [`"connect failed: ${why}"`],
    });
  });

  test("a destination that refuses the login behind a jump host is not a failure of the jump host", () => {
    expect(classify("root@127.0.0.1: Permission denied (publickey).\r\n").code).toBe("SSH_DENIED");
  });
});

test("a hostile banner cannot write to the terminal", () => {
  const error = classify("\x1b[2Jwelcome\u009b2J\nConnection to box closed by remote host.\x07\r\n");
  expect(JSON.stringify(error)).not.toMatch(/\\u00|\p{Cc}/u);
});

test.each([
  ["ssh://me@[2001:db8::7]:2222", "ssh -v -p 2222 me@2001:db8::7 true"],
  ["ssh://[2001:db8::7]:2222/", "ssh -v -p 2222 2001:db8::7 true"],
  ["ssh://me@box:2222", "ssh -v ssh://me@box:2222 true"],
  ["me@2001:db8::7", "ssh -v me@2001:db8::7 true"],
])("hints for %s have a form that ssh accepts", (destination, hint) => {
  const stderr = "Connection closed by 2001:db8::7 port 2222\r\n";
  expect(classifySshFailure({ status: 255, stderr, destination }).hints).toContain(hint);
});
