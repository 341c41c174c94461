/** The one failure of every driver. */
import { quoteForeign, SECOND_MS, shellJoin, TetherdockError } from "../../base/index.ts";
import type { StoreAddress } from "./address.ts";

/** Node adds an option of its own, which nobody can give here. */
const NODE_ADVICE = /; if the root CA is installed locally.*$/;

const WEB_HINT =
  "tetherdock fleet store --help   # if its address, its folder or its CA (--store-ca) is wrong";
const NATS_HINT =
  "tetherdock fleet store --help   # if no server runs with the fleet's nats-server.conf, or its address or its CA (--store-ca) is wrong";

const REFUSED_HINTS = [
  "tetherdock help fleet   # if another operator has moved the fleet to another store: get a new file from them, and run fleet open FILE",
  "tetherdock fleet store --help   # if the servers run with the nats-server.conf of another store",
];

/**
 * @param what did not work: `cannot publish the fleet's list`
 * @param why from the network or the store: foreign text
 * @param isRefused the servers do not know these credentials
 */
export function storeFailure(
  what: string,
  { urls }: StoreAddress,
  why: string,
  { cause, isRefused = false }: { readonly cause?: unknown; readonly isRefused?: boolean } = {},
): TetherdockError {
  const hints = isRefused ? REFUSED_HINTS : [urls[0]?.startsWith("nats:") ? NATS_HINT : WEB_HINT];
  return new TetherdockError("FLEET_STORE_FAILED", what, {
    why: [`the store ${urls.join(", ")}: ${quoteForeign(why.replace(NODE_ADVICE, ""))}`],
    hints,
    cause,
  });
}

/** The store took the question, and the host says nothing. @param ms how long it was waited for */
export function unanswered(host: string, ms: number): TetherdockError {
  return new TetherdockError(
    "GATEWAY_UNREACHABLE",
    `${host} does not answer through the store within ${ms / SECOND_MS} s`,
    {
      why: [
        "its gateway or its fleet process has ended, it is switched off, or the web server does not pass on questions and answers",
      ],
      hints: [
        `${shellJoin(["tetherdock", "doctor", host])}   # over its line`,
        "tetherdock fleet status   # how old its receipt is",
      ],
    },
  );
}

/** The store works, and the host does not hear questions. */
export function unheard(host: string, cause?: unknown): TetherdockError {
  return new TetherdockError(
    "GATEWAY_UNREACHABLE",
    `cannot ask ${host} through the store: it does not listen there`,
    {
      why: [
        "it is switched off or cut off from the store, or it joined with an older tetherdock, which could not be asked through the store",
      ],
      hints: [shellJoin(["tetherdock", "upgrade", host]), shellJoin(["tetherdock", "fleet", "join", host])],
      cause,
    },
  );
}
