"""The programs that are compared, and how to talk to one."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
BUILT = Path(os.environ["PEERS_BUILT"])  # where `run` has built the programs in Rust, and libxsmm

# What the C library does with freed memory: by default it gives large blocks back to the system, and most of a large
# step in PyTorch goes into page faults.
KEEP = {"MALLOC_MMAP_THRESHOLD_": "4294967296", "MALLOC_TRIM_THRESHOLD_": "4294967296"}

THREAD_VARIABLES = ("THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS", "RAYON_NUM_THREADS")


@dataclass(frozen=True)
class Peer:
    name: str
    command: tuple[str, ...]
    environment: dict = field(default_factory=dict, hash=False)
    tasks: tuple[str, ...] = ("cnn", "digits", "control", "tiny", "separable", "lstm", "gpt", "gemm", "conv")  # first words

    def missing(self):
        program = self.command[0]
        return os.path.isabs(program) and not os.path.exists(program)


def python(name, script, *arguments, **more):
    return Peer(name, (sys.executable, str(HERE / "python" / f"{script}.py"), *arguments), **more)


def rust(name, program, *arguments, **more):
    return Peer(name, (str(BUILT / program), *arguments), **more)


NETWORKS = ("cnn", "digits", "control", "tiny", "separable")
SEQUENCES = ("lstm", "gpt")
PEERS = [
    rust("netform", "netform-peer"),
    python("torch", "torch_peer", "eager"),
    python("torch+keep", "torch_peer", "eager", environment=KEEP),
    python("torch-compile+keep", "torch_peer", "compile", environment=KEEP, tasks=(*NETWORKS, *SEQUENCES)),
    python("jax", "jax_peer", environment=KEEP),
    python("onnxruntime", "onnxruntime_peer", environment=KEEP, tasks=NETWORKS),
    python("tensorflow", "tensorflow_peer", "graph", environment=KEEP, tasks=(*NETWORKS, *SEQUENCES)),
    python("tensorflow-xla", "tensorflow_peer", "xla", environment=KEEP, tasks=(*NETWORKS, *SEQUENCES)),
    python("tflite", "tflite_peer", environment=KEEP, tasks=NETWORKS),
    rust("candle", "candle-peer", environment=KEEP, tasks=(*NETWORKS, *SEQUENCES, "gemm")),
    rust("burn", "burn-peer", environment=KEEP, tasks=(*NETWORKS, *SEQUENCES, "gemm")),
    rust("tract", "tract-peer", str(BUILT / "models"), environment=KEEP, tasks=NETWORKS),
    rust("gemm", "gemm-peer", tasks=("gemm",)),
    rust("libxsmm", "native-peer", "libxsmm", str(BUILT / "libxsmm.so"), tasks=("gemm",)),
    rust("onednn", "native-peer", "onednn", "libdnnl.so.2", tasks=("gemm",)),
    rust("blis", "native-peer", "blas", "libblis.so.4", tasks=("gemm",)),
    rust("openblas", "native-peer", "blas", "libopenblas.so.0", tasks=("gemm",)),
]


class Worker:
    """One peer's process, bound to as many processors as it has threads. It sleeps while others work."""

    def __init__(self, peer, threads, log):
        environment = os.environ | peer.environment | dict.fromkeys(THREAD_VARIABLES, str(threads))
        processors = sorted(os.sched_getaffinity(0))[-threads:]
        self.peer = peer
        self.process = subprocess.Popen(
            peer.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            bufsize=1,
            env=environment,
            preexec_fn=lambda: os.sched_setaffinity(0, processors),
        )
        self.is_able = {}

    def ask(self, task, seconds):
        """Seconds a call, or None where the peer cannot do the task."""
        if not self.is_able.get(task, task.split()[0] in (*self.peer.tasks, "machine")):
            return None
        self.process.send_signal(signal.SIGCONT)
        try:
            self.process.stdin.write(f"{seconds} {task}\n")
            answer = self.process.stdout.readline().strip()
        except BrokenPipeError:
            answer = ""
        self.process.send_signal(signal.SIGSTOP)
        self.is_able[task] = answer not in ("", "cannot")
        if not answer:
            print(f"{self.peer.name} has ended while at {task}", file=sys.stderr)
        return float(answer) if self.is_able[task] else None

    def end(self):
        self.process.kill()
        self.process.wait()
