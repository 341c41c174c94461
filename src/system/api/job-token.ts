/** The OIDC token of the CI job that runs us. It is never an argument, and never printed. */
import { request } from "node:https";
import { json, SECOND_MS, TetherdockError } from "../../base/index.ts";
import { readText } from "../files/file-error.ts";
import { readLineFromStdin } from "../files/read-excerpt.ts";

const MAX_BYTES = 64 * 1024;
const TIME_MS = 15 * SECOND_MS;
/** Where GitHub Actions and Forgejo Actions give out tokens, and the key to them. */
const [URL_NAME, KEY_NAME] = ["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"] as const;

export interface WantedToken {
  /** `-`: stdin; undefined: the job's variables. */
  readonly file: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** For the services that are asked; elsewhere the job's configuration has it. */
  readonly audience: string;
  readonly signal: AbortSignal;
}

const readAnswer = json.openObject<{ readonly value: string }>({ value: { read: json.words(MAX_BYTES) } });

function missing(why: string, hints: readonly string[] = []): TetherdockError {
  return new TetherdockError("OIDC_TOKEN_MISSING", "this job has no OIDC token", {
    why: [why],
    hints: [
      "GitHub: permissions: id-token: write",
      "Forgejo: enable-openid-connect: true",
      "GitLab: id_tokens: TETHERDOCK_ID_TOKEN, with its aud",
      ...hints,
    ],
  });
}

async function fetchText(url: URL, key: string, signal: AbortSignal): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const headers = {
    authorization: `Bearer ${key}`,
    accept: "application/json",
    "accept-encoding": "identity",
  };
  const asked = request(url, { headers, signal: AbortSignal.any([signal, AbortSignal.timeout(TIME_MS)]) });
  asked.on("error", reject);
  asked.on("response", (answer) => {
    let text = "";
    answer.setEncoding("utf8").on("error", reject);
    answer.on("data", (piece: string) => {
      text += piece;
      if (text.length > MAX_BYTES) asked.destroy(new Error("its answer is too long"));
    });
    answer.on("end", () =>
      answer.statusCode === 200
        ? resolve(text)
        : reject(new Error(`it answers with status ${answer.statusCode}`)),
    );
  });
  asked.end();
  return promise;
}

async function askService(address: string, key: string, { audience, signal }: WantedToken): Promise<string> {
  if (!URL.canParse(address) || new URL(address).protocol !== "https:")
    throw missing(`${URL_NAME} is not an https URL`);
  const url = new URL(address);
  url.searchParams.set("audience", audience);
  let text: string;
  try {
    text = await fetchText(url, key, signal);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw missing(`the CI service gives out none: ${(error as Error).message}`);
  }
  const read = json.read(text, readAnswer);
  if ("value" in read) return read.value.value;
  throw missing(`the CI service's answer has none: ${read.problems[0]}`);
}

/** @throws OIDC_TOKEN_MISSING, FILE_FAILED, INTERRUPTED */
export async function readJobToken(wanted: WantedToken): Promise<string> {
  const { file, env } = wanted;
  const from = async (): Promise<string> => {
    if (file === "-") return readLineFromStdin(MAX_BYTES);
    if (file !== undefined) return readText(file);
    if (env["TETHERDOCK_ID_TOKEN"]) return env["TETHERDOCK_ID_TOKEN"];
    const [address, key] = [env[URL_NAME], env[KEY_NAME]];
    if (address && key) return askService(address, key, wanted);
    throw missing("there is no --token-file, TETHERDOCK_ID_TOKEN is not set, and no CI service offers one");
  };
  const token = (await from()).trim();
  if (token === "") throw missing("the token is empty");
  return token;
}
