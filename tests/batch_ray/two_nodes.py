"""A real Ray cluster of two nodes on this machine, in a process of its own.

It says its address in one line, then obeys lines on standard input: `kill` ends the second node at once and says `killed`, `add`
starts another and says `added`. At the end of the input everything goes.
"""

import sys

from ray.cluster_utils import Cluster

STORE_BYTES = 80_000_000
NODE = {"num_cpus": 1, "object_store_memory": STORE_BYTES}


def main() -> None:
    cluster = Cluster(initialize_head=True, head_node_args={**NODE, "include_dashboard": False})
    second = cluster.add_node(**NODE)
    cluster.wait_for_nodes()
    print(cluster.address, flush=True)
    for line in sys.stdin:
        if line.strip() == "kill":
            cluster.remove_node(second, allow_graceful=False)
            print("killed", flush=True)
        elif line.strip() == "add":
            second = cluster.add_node(**NODE)
            cluster.wait_for_nodes()
            print("added", flush=True)
    cluster.shutdown()


if __name__ == "__main__":
    main()
