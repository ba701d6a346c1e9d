"""Groups made by joining pairs; the same whatever the order of the pairs."""

from __future__ import annotations


class Groups:
    """Numbers 0..n-1 in groups; the smallest number stands for its group."""

    def __init__(self, n: int) -> None:
        self._parent = list(range(n))

    def find(self, i: int) -> int:
        """The smallest member of the group of ``i``."""
        parent = self._parent
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    def join(self, i: int, j: int) -> None:
        """Make the groups of ``i`` and ``j`` one."""
        a, b = self.find(i), self.find(j)
        if a != b:
            self._parent[max(a, b)] = min(a, b)

    def members(self) -> dict[int, list[int]]:
        """Members in rising order, by the smallest of them."""
        out: dict[int, list[int]] = {}
        for i in range(len(self._parent)):
            out.setdefault(self.find(i), []).append(i)
        return out
