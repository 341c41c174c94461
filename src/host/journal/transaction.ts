/** Scripts that open and close a transaction. Between them the host restores itself, whatever happens to the laptop. */
import { shellQuote } from "../../base/index.ts";
import {
  BOOT_UNIT,
  BOOT_UNIT_FILE,
  BOOT_UNIT_LINK,
  JOURNAL,
  type TransactionAbout,
  UNDO_UNIT,
} from "../../facts/index.ts";
import { undoScript } from "./undo-script.ts";

/** Exit statuses with a special meaning in the scripts below. */
export const TAKEN = 17;
export const CHANGED_SINCE = 18;
export const ALREADY_UNDONE = 19;
export const LIST_LOCKED = 20;

/** A path that will change: `expect` is the sha256 that the plan saw, `absent`, or null for "anything". */
export interface Touched {
  readonly path: string;
  readonly expect: string | null;
  /** The link that leads to the path and must still lead there. */
  readonly via?: string;
  /** The old file is kept only until the change is confirmed: it is large, or its owner keeps changing it. */
  readonly spare?: true;
  /** Others keep changing it: an undo reverts what this transaction wrote, if it is still there. */
  readonly shared?: true;
}

/** The parameters for opening a transaction. */
export interface Opening {
  readonly number: number;
  readonly about: TransactionAbout;
  readonly touched: readonly Touched[];
  /** Socket units that may be stopped or started. */
  readonly sockets: readonly string[];
  /** The gateway's units, if the plan changes them. */
  readonly gatewayUnits: readonly string[];
  /** Folders and links that services create, with everything that will be in them. */
  readonly trees: readonly string[];
  /** Folder with the sent files; it did not exist before. Null: nothing was sent. */
  readonly staging: string | null;
  /** Seconds until the host undoes everything unless confirmed. */
  readonly confirmWithinS: number;
}

/** The folder of a transaction on the host. */
export function transactionFolder(number: number): string {
  return `${JOURNAL}/${String(number).padStart(4, "0")}`;
}

/** A quoted here-document: any text, byte for byte, if it ends in a newline. */
export function hereDocument(text: string): string {
  let end = "TETHERDOCK_END";
  while (text.includes(end)) end += "_";
  return `<<'${end}'\n${text}${text.endsWith("\n") ? "" : "\n"}${end}\n`;
}

// `undoing` too: the power may fail while the undo runs.
const bootUnit = (folder: string) => `[Unit]
Description=Undo a change to Docker that tetherdock up could not confirm
ConditionPathExists=|${folder}/pending
ConditionPathExists=|${folder}/undoing
RequiresMountsFor=${folder}
Before=docker.service

[Service]
Type=oneshot
ExecStart=/bin/sh ${folder}/undo.sh boot
`;

/** Lines "NUMBER KIND PATH" in entries; the old file is copied to before/NUMBER. */
function snapshot({ path, expect, via, spare, shared }: Touched): string {
  const leads = via === undefined ? "" : `leads ${shellQuote(via)} ${shellQuote(path)}; `;
  const check = expect === null ? "" : `same ${shellQuote(path)} ${expect}; `;
  return `${leads}${check}keep ${shellQuote(path)} ${shared ? "shared" : spare ? "spare" : "kept"}`;
}

function unitStates(file: string, units: readonly string[]): string {
  if (units.length === 0) return "";
  const names = units.map(shellQuote).join(" ");
  return `for u in ${names}; do printf '%s %s\\n' "$u" "$(systemctl is-active "$u" || true)" >>"$t/${file}"; done\n`;
}

/** Opens a transaction: saves the old files, then arms the undo for now and for the next boot. Changes nothing yet. */
export function openScript(opening: Opening): string {
  const folder = transactionFolder(opening.number);
  return `set -e; umask 077; export LC_ALL=C
t=${folder}
mkdir -p ${JOURNAL}; mkdir "$t" || { [ ! -d "$t" ] || exit ${TAKEN}; exit 1; }
trap '[ -e "$t/pending" ] || { rm -rf "$t"; rmdir ${JOURNAL} 2>/dev/null || true; } ' EXIT
n=0; : >"$t/entries"; mkdir "$t/before"
printf '%s %s\\n' $$ "$(sed 's/.*) //' /proc/$$/stat | cut -d' ' -f20)" >"$t/.owner"; mv "$t/.owner" "$t/owner"
cat >"$t/about.json" ${hereDocument(JSON.stringify(opening.about))}
cat >"$t/undo.sh" ${hereDocument(undoScript)}
entry() { n=$((n+1)); printf '%s %s %s\\n' "$n" "$1" "$2" >>"$t/entries"; }
folders() { [ -d "$1" ] || { folders "$(dirname "$1")"; entry directory "$1"; }; }
leads() { [ "$(readlink -f "$1")" = "$2" ] || { echo "$1"; exit ${CHANGED_SINCE}; }; }
same() { if [ -L "$1" ]; then now="link"; elif [ -f "$1" ]; then now=$(sha256sum <"$1" | cut -d' ' -f1); elif [ -e "$1" ]; then now=special; else now=absent; fi; [ "$now" = "$2" ] || { echo "$1"; exit ${CHANGED_SINCE}; }; }
new=
tree() { [ -e "$1" ] || [ -L "$1" ] || { folders "$(dirname "$1")"; entry tree "$1"; new="$new $1"; }; }
keep() {
  for f in $new; do case $1 in "$f"/*) return ;; esac; done
  folders "$(dirname "$1")"
  if [ -e "$1" ] || [ -L "$1" ]; then cp -a "$1" "$t/before/$((n+1))"; entry "$2" "$1"
  elif [ "$2" = shared ]; then entry shared "$1"; else entry absent "$1"; fi
}
${[...opening.trees.map((path) => `tree ${shellQuote(path)}`), ...opening.touched.map(snapshot)].join("\n")}
${opening.staging === null ? "" : `printf '%s' ${shellQuote(opening.staging)} >"$t/staging"\n`}${unitStates("units", ["docker.service", ...opening.sockets])}${unitStates("gateway", opening.gatewayUnits)}rm -f ${BOOT_UNIT_LINK} ${BOOT_UNIT_FILE}
(umask 022; mkdir -p ${BOOT_UNIT_LINK.slice(0, BOOT_UNIT_LINK.lastIndexOf("/"))}; cat >${BOOT_UNIT_FILE} ${hereDocument(bootUnit(folder))})
ln -s ../${BOOT_UNIT} ${BOOT_UNIT_LINK}
: >"$t/pending"; sync
systemd-run --quiet --collect --unit=${UNDO_UNIT} --on-active=${opening.confirmWithinS} --timer-property=AccuracySec=200ms \\
  --property=Type=oneshot /bin/sh "$t/undo.sh" now || { rm -f "$t/pending" ${BOOT_UNIT_LINK} ${BOOT_UNIT_FILE}; exit ${TAKEN}; }`;
}

/**
 * Runs a script only while the transaction is open and was opened by the same shell. A script that was sent just before
 * a connection fell silent may arrive minutes later: the host has undone the change by then, and another change may
 * have its number. The process id alone identifies a running shell.
 */
export function whileOpen(number: number, script: string): string {
  const folder = transactionFolder(number);
  return `{ read -r pid rest <${folder}/owner; } 2>/dev/null && [ "$pid" = $$ ] && [ -e ${folder}/pending ] || exit ${ALREADY_UNDONE}
export LC_ALL=C
${script}`;
}

/** Closes a transaction for good; fails with {@link ALREADY_UNDONE} if the undo was first. */
export function confirmScript(number: number): string {
  const folder = transactionFolder(number);
  const script = `umask 077; t=${folder}
while read -r n kind path; do
  if [ "$kind" = directory ] || [ "$kind" = tree ]; then now=directory
  elif [ -L "$path" ]; then now=link:$(readlink "$path")
  elif [ -f "$path" ]; then now=$(sha256sum <"$path" | cut -d' ' -f1)
  else now=absent; fi
  printf '%s %s %s %s\\n' "$n" "$kind" "$now" "$path"
done <"$t/entries" >"$t/after" || exit 1
sync "$t/after" 2>/dev/null || sync
mv "$t/pending" "$t/confirmed" || exit ${ALREADY_UNDONE}
systemctl stop ${UNDO_UNIT}.timer; rm -f ${BOOT_UNIT_LINK} ${BOOT_UNIT_FILE} "$t/owner"
while read -r n kind path; do [ "$kind" != spare ] && [ "$kind" != shared ] || rm -f "$t/before/$n"; done <"$t/entries"
sync "$t" 2>/dev/null || sync`;
  return whileOpen(number, script);
}

/**
 * Like {@link undoNowScript}, for the shell that opened it: if another shell's change has its number, its own is
 * already undone.
 */
export function undoOwnScript(number: number): string {
  const folder = transactionFolder(number);
  return `[ -e ${folder} ] || exit 0
{ read -r pid rest <${folder}/owner; } 2>/dev/null && [ "$pid" != $$ ] && exit 0
${undoNowScript(number)}`;
}

/** Undoes an unconfirmed transaction now, in the service that the timer would start, and waits for it. */
function undoNowScript(number: number): string {
  const folder = transactionFolder(number);
  return `systemctl start ${UNDO_UNIT}.service 2>/dev/null || sh ${folder}/undo.sh now
[ ! -e ${folder} ]`;
}

/**
 * Lets an open transaction end: waits while its owner lives, otherwise undoes it. A folder without `pending` never
 * changed anything and is only deleted.
 */
export function settleScript(number: number): string {
  const folder = transactionFolder(number);
  // A new folder has no owner yet: it is not abandoned.
  const named = `tries=0; while [ -d ${folder} ] && [ ! -e ${folder}/owner ] && [ ! -e ${folder}/pending ] &&
    [ ! -e ${folder}/undoing ] && [ ! -e ${folder}/confirmed ] && [ $tries -lt 50 ]; do tries=$((tries+1)); sleep 0.2; done`;
  // One that is confirmed has an owner until its undo is disarmed.
  const ended = `while read -r pid start <${folder}/owner 2>/dev/null &&
    [ "$(sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null | cut -d' ' -f20)" = "$start" ]; do sleep 0.2; done`;
  return `${named}
${ended}
[ -e ${folder}/confirmed ] && exit 0
if [ -e ${folder}/pending ] || [ -e ${folder}/undoing ]; then ${undoNowScript(number)}
else rm -rf ${folder} ${BOOT_UNIT_LINK} ${BOOT_UNIT_FILE}; rmdir ${JOURNAL} 2>/dev/null; true; fi`;
}

/**
 * Undoes confirmed transactions, newest first, with one restart of docker at the end. Runs as a separate service: it
 * continues if the connection breaks, and no `up` can begin in the meantime.
 */
export function undoAllScript(numbers: readonly number[]): string {
  const undo = numbers.map((number, at) => {
    const next = numbers[at + 1];
    const folder = transactionFolder(number);
    if (next === undefined) return `sh ${folder}/undo.sh down`;
    // A unit that several of them restart is restarted once, by the last.
    return `{ [ ! -e ${folder}/restarting ] || : >${transactionFolder(next)}/restarting; } && sh ${folder}/undo.sh down-more`;
  });
  const log = `/run/${UNDO_UNIT}.log`;
  return `systemd-run --quiet --collect --wait --unit=${UNDO_UNIT} --property=Type=oneshot \\
  /bin/sh -c '{ ${undo.join(" && ")}; } >${log} 2>&1'; status=$?
[ ! -e ${log} ] || { cat ${log} >&2; rm -f ${log}; }
exit $status`;
}
