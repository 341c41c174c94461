/** docs/explain.md, made from what `tetherdock explain` knows. */
import { families, type Message, type Topic } from "../src/doctor/index.ts";

const HEAD = `# Messages and what lies behind them

Made from the entries of \`tetherdock explain\` by \`node tools/write-explain-page.ts\`; a test fails when the two differ.

\`\`\`console
$ tetherdock explain 'tls: oversized record received with length 20527'
\`\`\`

finds these messages in whatever you paste, pipe in (\`tetherdock explain\` reads stdin), have in a file (\`--file\`) or
get from a command (\`tetherdock explain -- docker ps\`). The endpoint that the text names is asked what it speaks and
whom it lets in: one \`GET /_ping\` in plain HTTP, one over TLS without a certificate, and one with your own where there
is a line to that very endpoint. A pasted text may be anybody's, so only endpoints of your lines are asked, and those
that your command or DOCKER_HOST names; any other only with \`--probe\`, or after a yes. \`--no-probe\` asks none,
\`--json\` is for programs. What is not known is said to be unknown (\`EXPLAIN_UNKNOWN\`).

The number in \`oversized record received with length N\` is bytes four and five of what the peer really said: Go took
the five first bytes for a TLS record's header. 20527 is 0x502F, \`P/\`, from \`HTTP/\`.
`;

const DANGER: Record<Topic["danger"], string> = { open: "**yes**", check: "perhaps", closed: "no" };

const code = (text: string): string => (text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``);
/** In a table a bar would begin a new cell. */
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
/** What stands in braces is filled in when it is known. */
const command = (line: string): string =>
  line.replace(/\{([a-z]+)\}/g, (_, name: string) => name.toUpperCase());

function topicSection(topic: Topic, messages: readonly Message[]): string {
  return [
    `### ${topic.id}`,
    "",
    ...messages.map(({ id }) => `- [${id}](#${id})`),
    "",
    topic.cause,
    "",
    `Dangerous: ${DANGER[topic.danger]}. ${topic.consequence}`,
    "",
    ...topic.fix.map((line) => `- ${code(command(line))}`),
    "",
    `See: ${topic.reference}`,
    "",
  ].join("\n");
}

function messageSection({ id, says, example, meaning, topic, source }: Message): string {
  const block = ["```text", ...example.split("\n"), "```"];
  return [
    `#### ${id}`,
    "",
    ...block,
    "",
    `Said by ${says}. ${meaning} Behind it: [${topic.id}](#${topic.id}).`,
    "",
    `Words from: ${cell(source)}`,
    "",
  ].join("\n");
}

/** @returns the whole page */
export function explainPage(): string {
  const all = families.flatMap(([, messages]) => messages);
  const topics = [...new Set(all.map(({ topic }) => topic))];
  const causes = topics.map((topic) =>
    topicSection(
      topic,
      all.filter((message) => message.topic === topic),
    ),
  );
  const said = families.map(([name, messages]) =>
    [`### ${name}`, "", ...messages.map(messageSection)].join("\n"),
  );
  const count = `${all.length} messages, ${topics.length} causes.\n`;
  return [HEAD, count, "## Causes\n", ...causes, "## Messages\n", ...said].join("\n").trimEnd().concat("\n");
}
