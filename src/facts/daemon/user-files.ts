/**
 * `/etc/passwd` and `/etc/group` of containers that are mounted now: those that run, and those whose start has not ended.
 * dockerd opens both as the host's root, whatever they are (ADR 0037). Only `stat` looks at them here: opening would wait, too.
 */
import { shellQuote, visible } from "../../base/index.ts";

/** What dockerd should not open when it opens a container's `/etc/passwd` or `/etc/group`. */
export interface UserFileFact {
  /** On the host, without links of the container's: usually its `/etc`. */
  readonly folder: string;
  readonly name: string;
  /** `stat`'s word: `fifo`, `character special file`; `regular file` if it is too large; `symbolic link` if it leads nowhere. */
  readonly type: string;
  readonly bytes: number;
}

/** Above what any system needs; some engines read a longer `group` into memory as one line. */
const MAX_BYTES = 1024 * 1024;

/**
 * Function `in_root ROOT PATH`: where the path leads with ROOT as `/`, as dockerd resolves it. The path itself, which is a
 * link then, if it leads in a circle, or to a name with a line break: that could forge a line about a file of the host.
 */
const IN_ROOT = `
nl='
'
in_root() { cur=; rest=$2; links=0
  while [ -n "$rest" ]; do
    first=\${rest%%/*}; case $rest in */*) rest=\${rest#*/} ;; *) rest= ;; esac
    case $first in ''|.) ;; ..) cur=\${cur%/*} ;; *)
      if [ -L "$1$cur/$first" ]; then
        links=$((links + 1)); [ $links -le 20 ] || { cur=/$2; break; }
        to=$(readlink "$1$cur/$first"); case $to in /*) cur= ;; esac; rest=$to/$rest
      else cur=$cur/$first; fi ;;
    esac; done
  case $cur in *"$nl"*) cur=/$2 ;; esac; printf '%s\\n' "$1$cur"; }
`;

/** Prints only those that are no ordinary files. Uses `pid`, dockerd's. */
export const USER_FILES = `${IN_ROOT}
s user-files
of=self; [ "\${pid:-0}" != 0 ] && of=$pid
for m in $(grep ' - overlay ' "/proc/$of/mountinfo" | cut -d' ' -f5 | head -n 2000); do
  for p in etc/passwd etc/group; do LC_ALL=C stat -c '%s %F:%n' "$(in_root "$m" $p)"; done; done |
  while read -r size rest; do case $rest in
    "regular file:"*) [ "$size" -le ${MAX_BYTES} ] || printf '%s\\n' "$size $rest" ;;
    "regular empty file:"*|directory:*) ;;
    *) printf '%s\\n' "$size $rest" ;;
  esac; done | head -n 200
`;

export function parseUserFiles(text: string): UserFileFact[] {
  return text.split("\n").flatMap((line) => {
    const [, bytes, type = "", folder = "", name] =
      /^(\d{1,15}) ([a-z ]{1,40}):(\/.{0,4096})\/([^/]{1,255})$/.exec(line) ?? [];
    return name === undefined ? [] : [{ folder, name, type, bytes: Number(bytes) }];
  });
}

/**
 * The command that frees what waits for such a file, for the host's root. It moves the file to a name that nobody knows, so that
 * nothing else opens it, and then opens it once. A process in the container could put a link to the host's files in a path, but
 * not into the working directory (`cd -P`), and `mv -T`, `dd` with `nofollow` and `rm` follow none.
 */
export function freeingCommand({ folder: path, name, type }: UserFileFact): string {
  const folder = shellQuote(visible(path));
  const file = shellQuote(`./${visible(name)}`);
  const open = "dd if=/dev/null of=$t oflag=nofollow,nonblock conv=nocreat,notrunc";
  const moved = `t=$(mktemp -u ./old.XXXXXXXXXX) && mv -T ${file} $t && ${open}; rm -f $t`;
  return `(cd -P ${folder} && [ "$PWD" = ${folder} ] && { ${type === "fifo" ? moved : `rm -f ${file}`}; })   # on the host, as root`;
}
