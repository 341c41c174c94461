/** One operation of the Engine API, and one call of it. */

/** Methods of the Engine API; HTTP's are case-sensitive (RFC 9110 section 9.1). */
export type Method = "GET" | "HEAD" | "POST" | "PUT" | "DELETE";

/** The properties of an operation, for every caller. */
export interface Operation {
  /** Docker's operationId in the newest specification, such as `ContainerCreate`. */
  readonly name: string;
  readonly method: Method;
  /** As in the specification, without the version: `/containers/{id}/json`. */
  readonly path: string;
  /** First API version that describes it; none has been removed since 1.24. */
  readonly since: string;
  /** API version that deprecates it, although engines still serve it; null if it is not deprecated. */
  readonly deprecated: string | null;
  /** `read` changes nothing on the host, whatever its method. */
  readonly kind: "read" | "write";
  /** The connection becomes a raw pipe on a 101, or on a 200 without framing. */
  readonly hijack: boolean;
  /** Lasts as long as what it follows or transfers, and may be silent for days: no idle timeout. */
  readonly stream: boolean;
}

/** One call of an operation. */
export interface OperationCall {
  readonly operation: Operation;
  /** API version in the target, such as `1.41`; null if it has none: the engine then uses its newest. */
  readonly version: string | null;
  /** Parameters of the path, percent-decoded: `{ id: "web" }`. */
  readonly params: Readonly<Record<string, string>>;
  /** The part after the first `?`, as sent; empty if there is none. */
  readonly query: string;
}
