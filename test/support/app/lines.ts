/** The laptop's files in memory, for tests of use cases; test/system and e2e use a disk. */
import { TetherdockError } from "../../../src/base/index.ts";
import {
  formatLine,
  type Line,
  type LineFile,
  type LineFiles,
  type LineStore,
  parseLine,
} from "../../../src/line/index.ts";

const unknown = (name: string) => new TetherdockError("LINE_UNKNOWN", `there is no line "${name}"`);

/** Of a line whose certificates nobody reads. */
export const EMPTY_FILES: Omit<LineFiles, "line.json"> = {
  ...{ "docker/ca.pem": "", "docker/cert.pem": "", "docker/key.pem": "", "ca/ca-key.pem": "" },
};

type Files = Map<LineFile, string>;

/** A {@link LineStore} that behaves like the real one, and shows its content. */
export class MemoryLines implements LineStore {
  readonly kept = new Map<string, Files>();
  readonly staged = new Map<string, Files>();
  /** Called before each write with its name and the line's; may throw like a disk. */
  onWrite: (what: string, name: string) => void = () => {};

  /** A line that was made earlier. */
  keep(line: Line, files = EMPTY_FILES): void {
    this.kept.set(line.name, new Map(Object.entries({ ...files, "line.json": formatLine(line) }) as never));
  }

  readonly list = async () => [...this.kept.keys()].toSorted();
  readonly read = async (name: string) => parseLine(await this.readFile(name, "line.json"), name);
  readonly preferred = async () => undefined;
  readonly prefer = async () => {};
  readonly certPath = (name: string) => `/lines/${name}/docker`;
  readonly isKeyEncrypted = async (name: string) =>
    (await this.readFile(name, "docker/key.pem")).includes("ENCRYPTED");
  readonly agentSocket = async (name: string) => `/lines/agent/${name}.sock`;
  readonly agentSocketPath = (name: string) => `/lines/agent/${name}.sock`;
  readonly exposedKeys = async () => [];
  readonly pendingCertPath = (name: string) => `/lines/.pending-${name}/docker`;

  async readFile(name: string, file: LineFile): Promise<string> {
    const files = this.kept.get(name);
    if (!files) throw unknown(name);
    const text = files.get(file);
    if (text === undefined) throw new TetherdockError("LINE_BROKEN", `the line "${name}" is damaged`);
    return text;
  }

  async stage(name: string, files: LineFiles): Promise<void> {
    this.onWrite("stage", name);
    if (this.kept.has(name)) throw new TetherdockError("LINE_EXISTS", `there is a line "${name}"`);
    if (this.staged.has(name)) throw new TetherdockError("LINE_PENDING", `"${name}" is being set up`);
    this.staged.set(name, new Map(Object.entries(files) as [LineFile, string][]));
  }

  async pending(name: string): Promise<Partial<LineFiles> | undefined> {
    const files = this.staged.get(name);
    return files && Object.fromEntries(files);
  }

  async updatePending(name: string, file: LineFile, text: string): Promise<void> {
    this.onWrite("updatePending", name);
    const files = this.staged.get(name);
    if (!files) throw unknown(name);
    files.set(file, text);
  }

  async commit(name: string): Promise<void> {
    this.onWrite("commit", name);
    const files = this.staged.get(name);
    if (!files) throw unknown(name);
    if (this.kept.has(name)) throw new TetherdockError("LINE_EXISTS", `there is a line "${name}"`);
    this.staged.delete(name);
    this.kept.set(name, files);
  }

  async discard(name: string): Promise<void> {
    this.onWrite("discard", name);
    this.staged.delete(name);
  }

  async update(name: string, file: LineFile, text: string): Promise<void> {
    this.onWrite("update", name);
    const files = this.kept.get(name);
    if (!files) throw unknown(name);
    files.set(file, text);
  }

  async remove(name: string): Promise<void> {
    this.onWrite("remove", name);
    if (!this.kept.delete(name)) throw unknown(name);
  }
}
