"""What programs do with docker-py."""
import contextlib, io, tarfile, threading, docker

client = docker.from_env(timeout=20)
low = client.api


@contextlib.contextmanager
def tried(what):
    try:
        yield
    except Exception as error:  # what it answers does not matter, only what was asked
        print(what, type(error).__name__, str(error)[:200])


def archive():
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as tar:
        info = tarfile.TarInfo("file")
        info.size = 5
        tar.addfile(info, io.BytesIO(b"hello"))
    return data.getvalue()


calls = [
    client.ping, client.version, client.info, client.df, client.images.list, client.containers.list,
    lambda: client.containers.list(all=True, filters={"label": ["a=b", "c"], "status": "running"}),
    lambda: client.containers.run("tiny", "echo hello", remove=True),
    lambda: client.containers.run("tiny", "sleep 600", name="py", detach=True, environment={"A": "b"},
                                  volumes={"pyvol": {"bind": "/data", "mode": "rw"}}, labels={"a": "b"}),
    lambda: client.containers.get("py").exec_run("true"),
    lambda: client.containers.get("py").exec_run("cat", stdin=True, socket=True)[1].close(),
    lambda: list(client.containers.get("py").exec_run("echo x", stream=True, demux=True)[1]),
    lambda: client.containers.get("py").exec_run("true", tty=True, detach=True),
    lambda: client.containers.get("py").logs(tail=5, since=1764166000, timestamps=True),
    lambda: threading.Timer(1, client.containers.get("py").kill, ["HUP"]).start(),
    lambda: client.containers.get("py").attach_socket(params={"stdin": 1, "stdout": 1, "stream": 1}).close(),
    lambda: client.containers.get("py").attach(stdout=True, logs=True, stream=False) if False else None,
    lambda: low.attach_socket("py", ws=True),
    lambda: client.containers.get("py").stats(stream=False),
    lambda: next(client.containers.get("py").stats(stream=True, decode=True)),
    lambda: client.containers.get("py").top(),
    lambda: client.containers.get("py").diff(),
    lambda: client.containers.get("py").put_archive("/tmp", archive()),
    lambda: list(client.containers.get("py").get_archive("/tmp")[0]),
    lambda: list(client.containers.get("py").export()),
    lambda: client.containers.get("py").resize(20, 80),
    lambda: client.containers.get("py").pause(),
    lambda: client.containers.get("py").unpause(),
    lambda: client.containers.get("py").update(mem_limit="64m"),
    lambda: client.containers.get("py").rename("pyother"),
    lambda: client.containers.get("pyother").commit("pyimage", "one"),
    lambda: client.containers.get("pyother").restart(timeout=0),
    lambda: client.containers.get("pyother").stop(timeout=0),
    lambda: client.containers.get("pyother").wait(),
    lambda: client.containers.get("pyother").start(),
    lambda: client.images.build(fileobj=io.BytesIO(b"FROM tiny\nRUN true\n"), tag="pybuilt", rm=True),
    lambda: client.images.build(path=".", dockerfile="Pyfile", tag="pybuilt2", buildargs={"A": "b"}, nocache=True),
    lambda: client.images.get("pyimage:one").history(),
    lambda: client.images.get("pyimage:one").tag("localhost:5000/py", "one"),
    lambda: client.images.push("localhost:5000/py", "one", auth_config={"username": "a", "password": "b"}),
    lambda: client.images.pull("localhost:5000/py", "one"),
    lambda: client.images.get_registry_data("localhost:5000/py"),
    lambda: client.images.search("x"),
    lambda: client.images.load(b"".join(client.images.get("tiny").save(named=True))),
    lambda: low.import_image_from_data(archive(), repository="pyimported"),
    lambda: client.login("a", "b", registry="localhost:5000"),
    lambda: [event for event, _ in zip(client.events(since=1764166000, until=1764166001, decode=True), range(3))],
    lambda: client.events().close(),
    lambda: client.networks.create("pynet", driver="bridge", labels={"a": "b"}),
    lambda: client.networks.list(names=["pynet"]),
    lambda: client.networks.get("pynet").connect("pyother", aliases=["x"]),
    lambda: client.networks.get("pynet").disconnect("pyother", force=True),
    lambda: client.networks.get("pynet").remove(),
    lambda: client.networks.prune(),
    lambda: client.volumes.create("pymore", labels={"a": "b"}),
    lambda: client.volumes.list(filters={"dangling": True}),
    lambda: client.volumes.get("pymore").remove(force=True),
    lambda: client.volumes.prune(),
    lambda: client.plugins.list(),
    lambda: client.plugins.install("localhost:5000/none"),
    lambda: client.swarm.init(advertise_addr="127.0.0.1", force_new_cluster=True),
    lambda: client.swarm.reload(),
    lambda: client.nodes.list(),
    lambda: client.configs.create(name="pyc", data=b"x"),
    lambda: client.configs.list(),
    lambda: client.secrets.create(name="pys", data=b"x"),
    lambda: client.secrets.list(),
    lambda: client.services.create("tiny", "sleep 60", name="pysrv"),
    lambda: client.services.list(),
    lambda: client.services.get("pysrv").tasks(),
    lambda: list(client.services.get("pysrv").logs(stdout=True)),
    lambda: client.services.get("pysrv").scale(2),
    lambda: client.services.get("pysrv").force_update(),
    lambda: client.services.get("pysrv").remove(),
    lambda: client.secrets.list()[0].remove(),
    lambda: client.configs.list()[0].remove(),
    lambda: client.swarm.leave(force=True),
    lambda: client.containers.get("pyother").remove(force=True, v=True),
    lambda: client.containers.prune(filters={"label": "none"}),
    lambda: client.images.remove("pyimage:one", force=True),
    lambda: client.images.prune(filters={"dangling": True}),
    lambda: client.api.prune_builds(),
]
with open("Pyfile", "w") as file:
    file.write("FROM tiny\nARG A\nCOPY Pyfile /f\n")
for number, call in enumerate(calls):
    with tried(f"call {number}"):
        call()
