/** The request heads of one client, in the form of test/vectors/clients: heads with the same fields are grouped. */

export interface Recording {
  /** With its version and source. */
  readonly client: string;
  readonly recorded: readonly {
    readonly fields: readonly string[];
    readonly requests: readonly string[];
  }[];
}

/** @param heads lines with their CRLF, without the empty line */
export function recordingOf(client: string, heads: Iterable<string>): Recording {
  const groups = Map.groupBy(heads, (head) => head.slice(head.indexOf("\r\n") + 2));
  const recorded = [...groups].map(([fields, same]) => ({
    fields: fields.split("\r\n").slice(0, -1),
    requests: same.map((head) => head.slice(0, head.indexOf("\r\n"))).sort(),
  }));
  return { client, recorded: recorded.sort((a, b) => (a.fields.join() < b.fields.join() ? -1 : 1)) };
}

/** @returns heads as {@link recordingOf} takes them */
export function headsOf({ recorded }: Recording): string[] {
  return recorded.flatMap(({ fields, requests }) =>
    requests.map((request) => [request, ...fields, ""].join("\r\n")),
  );
}
