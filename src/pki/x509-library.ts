/**
 * The issuing library, loaded when the first certificate is issued: it takes longer to load (about 80 ms)
 * than the rest of tetherdock, and most commands only read.
 */
type Library = typeof import("@peculiar/x509");

let loading: Promise<Library> | undefined;

/**
 * Its dependency-injection container requires reflect-metadata, but the library only registers classes without
 * constructor parameters, so "no metadata" is the right answer to every query. These functions exist only while the
 * library loads, so that no global stays changed.
 */
async function loadWithoutMetadata(): Promise<Library> {
  const reflect = Reflect as { getMetadata?: unknown; getOwnMetadata?: unknown };
  if (reflect.getMetadata) return import("@peculiar/x509");
  reflect.getMetadata = () => undefined;
  reflect.getOwnMetadata = () => undefined;
  try {
    return await import("@peculiar/x509");
  } finally {
    delete reflect.getMetadata;
    delete reflect.getOwnMetadata;
  }
}

/** @returns the library, the same for every caller. */
export function x509Library(): Promise<Library> {
  loading ??= loadWithoutMetadata();
  return loading;
}
