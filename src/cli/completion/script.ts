/** The scripts that connect Tab to `tetherdock __complete`. */

/** Shells with a completion script. */
export const COMPLETION_SHELLS = ["bash", "zsh", "fish"] as const;
export type CompletionShell = (typeof COMPLETION_SHELLS)[number];

// bash breaks words at @ and =, so the words are read from the line. The reply leaves out what stands before the break;
// an @ is a part of what bash replaces.
const bash = `# bash completion for tetherdock: source <(tetherdock completion bash)
_tetherdock() {
  local line=\${COMP_LINE:0:COMP_POINT} words current proposals prefix IFS=$' \\t\\n'
  read -ra words <<<"$line"
  case $line in *[[:space:]]) words+=("") ;; esac
  current=\${words[\${#words[@]}-1]}
  prefix=\${current%"\${COMP_WORDS[COMP_CWORD]}"}
  prefix=\${prefix%@}
  IFS=$'\\n'
  proposals=$(tetherdock __complete "\${words[@]:1}" 2>/dev/null | cut -f1)
  COMPREPLY=($(compgen -W "$proposals" -- "$current"))
  COMPREPLY=("\${COMPREPLY[@]#"$prefix"}")
}
complete -o default -F _tetherdock tetherdock
`;

const zsh = `#compdef tetherdock
# zsh completion for tetherdock: source <(tetherdock completion zsh), or a file _tetherdock in $fpath
_tetherdock() {
  local -a proposals
  local line
  for line in "\${(@f)$(tetherdock __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n $line ]] && proposals+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( $#proposals )); then _describe -t proposals tetherdock proposals; else _files; fi
}
if [[ $funcstack[1] == _tetherdock ]]; then _tetherdock "$@"; else compdef _tetherdock tetherdock; fi
`;

const fish = `# fish completion for tetherdock: tetherdock completion fish | source
function __tetherdock_complete
  set -l words (commandline -opc)[2..]
  set -l proposals (tetherdock __complete $words (commandline -ct) 2>/dev/null)
  if test (count $proposals) -gt 0
    printf '%s\\n' $proposals
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c tetherdock -f -a '(__tetherdock_complete)'
`;

/** The script of each shell. */
export const completionScripts: Readonly<Record<CompletionShell, string>> = { bash, zsh, fish };
