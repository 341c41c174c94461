# shellcheck shell=bash
# Flavours: what flavours/NAME.sh changes in the base, kept as an overlay layer between it and the host's disk.

FLAVOURS="debian upstream coreos"

known_flavour() { [[ " $FLAVOURS " == *" $1 "* ]]; }

layer_dir() { # layer_dir FLAVOUR: depends on the base and on the flavour's script
  local h
  h=$({ echo "$BASE"; cat "$HERE/flavours/$1.sh"; } | sha256sum)
  echo "$VPS_HOME/layer-$1-${h:0:12}"
}

build_layer() { # build_layer BASE FLAVOUR DIR: leaves the layer in DIR/upper
  mkdir -p "$3"/{upper,work,root}
  chmod 755 "$3/upper"
  mount -t overlay overlay -o "lowerdir=$1,upperdir=$3/upper,workdir=$3/work" "$3/root"
  local rc=0
  sh -eu "$HERE/flavours/$2.sh" "$3/root" || rc=$?
  umount "$3/root"
  return $rc
}

ensure_layer() { # ensure_layer FLAVOUR: under the global lock, after ensure_base; sets LOWER for overlayfs
  LOWER=$BASE
  [ "$1" != debian ] || return 0
  local layer t=$VPS_HOME/.layer
  layer=$(layer_dir "$1")
  LOWER=$layer:$BASE
  [ ! -d "$layer" ] || return 0
  ! mountpoint -q "$t/root" || umount "$t/root"
  rm -rf --one-file-system "$t"
  if ! "$SELF" __layer "$BASE" "$1" "$t" >"$VPS_HOME/log/layer-$1.log" 2>&1 </dev/null 8>&- 9>&-; then
    tail -n 20 "$VPS_HOME/log/layer-$1.log" >&2
    die "cannot make the flavour $1"
  fi
  mv "$t/upper" "$layer"
  rm -rf --one-file-system "$t"
}
