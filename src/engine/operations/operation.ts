/** One operation of the Engine API, and one call of it. */

/** Methods that the Engine API knows; HTTP's are case-sensitive (RFC 9110 section 9.1). */
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
  /** API version that first calls it deprecated; null for none. Engines still serve it. */
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
  /** API version of the target, such as `1.41`; null for none: the engine then uses its newest. */
  readonly version: string | null;
  /** Parameters of the path, percent-decoded: `{ id: "web" }`. */
  readonly params: Readonly<Record<string, string>>;
  /** After the first `?`, as it was sent; empty for none. */
  readonly query: string;
}
