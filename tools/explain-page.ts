/** docs/explain.md, made from what `tetherdock explain` knows. */
import { families, type Message, type Topic } from "../src/explain/index.ts";

const HEAD = `# Error messages and their causes

Generated from the entries of \`tetherdock explain\` by \`node tools/write-explain-page.ts\`; a test compares the two.

\`\`\`console
$ tetherdock explain 'tls: oversized record received with length 20527'
\`\`\`

finds these messages in text that you paste, pipe in (\`tetherdock explain\` reads stdin), keep in a file (\`--file\`) or
get from a command (\`tetherdock explain -- docker ps\`). It also probes the endpoint that the text names, to see which
protocol it speaks and whom it lets in. Each probe is one \`GET /_ping\`: in plain HTTP, over TLS without a certificate, and
with a certificate of an unknown CA. If a line leads to that endpoint, it also tries your certificate and wrong ones of the
line's CA, as [doctor](doctor.md) does. A pasted text may come from anybody, so only endpoints of your lines are probed, and
those that your command or DOCKER_HOST names; any other only with \`--probe\`, or if you say yes. \`--no-probe\` probes
nothing, \`--json\` is for programs. A text without a known message is an error (\`EXPLAIN_UNKNOWN\`).

The number in \`oversized record received with length N\` is bytes four and five of what the peer sent: Go read the first
five bytes as a TLS record header. 20527 is 0x502F, \`P/\`, from \`HTTP/\`.
`;

const DANGER: Record<Topic["danger"], string> = { open: "**yes**", check: "perhaps", closed: "no" };

const code = (text: string): string => (text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``);
/** In a table a bar would start a new cell. */
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
/** Text in braces is filled in when it is known. */
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
    `Printed by ${says}. ${meaning} Cause: [${topic.id}](#${topic.id}).`,
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
