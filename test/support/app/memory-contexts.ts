/** The docker CLI's contexts, in memory. */
import { type ContextStore, parseContextMeta, type TlsFiles } from "../../../src/line/index.ts";

/** A {@link ContextStore} that shows its content. */
export class MemoryContexts implements ContextStore {
  readonly kept = new Map<string, { readonly metaJson: string; readonly files: Partial<TlsFiles> }>();

  /** As the docker CLI's config.json has it. */
  currentName: string | undefined;

  readonly list = async () =>
    [...this.kept.values()].flatMap(({ metaJson, files }) => {
      const meta = parseContextMeta(metaJson);
      return meta ? [{ meta, files }] : [];
    });
  readonly read = async (name: string) => (await this.list()).find(({ meta }) => meta.name === name);
  readonly write = async (name: string, metaJson: string, files: TlsFiles | null) => {
    this.kept.set(name, { metaJson, files: files ?? {} });
  };
  readonly remove = async (name: string) => {
    this.kept.delete(name);
  };
  readonly current = async () => this.currentName;
  readonly use = async (name: string | undefined) => {
    this.currentName = name;
  };
}
