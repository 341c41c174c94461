"""What a systemd socket unit does: holds the listening sockets, and hands them to each run of the service."""
import os, socket, subprocess, sys

sockets = []
for address in sys.argv[1].split(","):
    if address.startswith("/"):
        one = socket.socket(socket.AF_UNIX)
        one.bind(address)
    else:
        host, port = address.rsplit(":", 1)
        one = socket.socket(socket.AF_INET)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind((host, int(port)))
    one.listen(4096)
    sockets.append(one)


def hand_over():
    high = [os.dup(one.fileno()) + 0 for one in sockets]
    high = [os.dup2(fd, 100 + index) for index, fd in enumerate(high)]
    for index, fd in enumerate(high):
        os.dup2(fd, 3 + index, inheritable=True)
    os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(sockets)))


child = None
print("listening", flush=True)
for order in sys.stdin:
    if order == "start\n":
        child = subprocess.Popen(sys.argv[2:], preexec_fn=hand_over, close_fds=False, stdout=subprocess.DEVNULL)
    elif order == "stop\n":
        child.terminate()
        print("ended", child.wait(), flush=True)
if child is not None and child.poll() is None:
    child.kill()
    child.wait()
