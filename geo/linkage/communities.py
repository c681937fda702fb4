"""Communities of provinces on a graph of linkages and borders, each of a size that can work together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import networkx as nx

Pair = tuple[str, str]
#: What a common border adds to a pair of provinces, in units of one full score. An assumption: neighbours
#: meet and carry at little cost, but a border alone is no reason for a scheme, so it weighs less than a linkage.
BORDER_WEIGHT = 0.25


def graph(links: Mapping[Pair, float], borders: frozenset[Pair] | set[Pair]) -> nx.Graph:
    """Return the graph of one subject: linked provinces, and borders between them.

    Parameters
    ----------
    links : mapping
        (first, second) with first < second -> sum of the scores of the linkages of the pair (> 0).
    borders : set of pairs
        Pairs with a common land border, first < second; those of provinces without a linkage are left out.

    Returns
    -------
    networkx.Graph
        Nodes sorted; edges with ``weight`` (linkages and border), ``linked`` and ``border`` (bool).
    """
    nodes = sorted({code for pair in links for code in pair})
    known = set(nodes)
    out = nx.Graph()
    out.add_nodes_from(nodes)
    inside = {pair for pair in borders if pair[0] in known and pair[1] in known}
    for pair in sorted(set(links) | inside):
        weight = links.get(pair, 0.0) + (BORDER_WEIGHT if pair in inside else 0.0)
        out.add_edge(*pair, weight=weight, linked=pair in links, border=pair in inside)
    return out


def find(whole: nx.Graph, smallest: int = 2, largest: int = 6, seed: int = 0) -> list[tuple[str, ...]]:
    """Cut a graph into communities of ``smallest`` to ``largest`` provinces.

    A connected part that is small enough stays whole. A larger one is cut by modularity (Louvain; Blondel
    et al. 2008); what does not fall apart gives its strongest core, and the rest is cut again. A province
    left alone joins the community it has its strongest linkage with, where there is room.

    Parameters
    ----------
    whole : networkx.Graph
        As :func:`graph` makes it.
    seed : int, default 0
        Of the Louvain method; the same graph and seed give the same communities.

    Returns
    -------
    list of tuple of str
        Sorted codes; every member has a linkage to another member. Provinces that fit nowhere are in none.
    """
    parts: list[set[str]] = []
    for component in _components(whole):
        parts += _cut(whole.subgraph(component), largest, seed)
    groups = sorted((part for part in parts if len(part) > 1), key=min)
    _attach(whole, groups, largest)
    kept = [piece for group in groups for piece in _held_together(whole, group)]
    return sorted(tuple(sorted(group)) for group in kept if len(group) >= smallest)


def _ordered(part: nx.Graph) -> nx.Graph:
    """Return a copy with nodes and edges in the order of their codes, so that nothing depends on history."""
    out = nx.Graph()
    out.add_nodes_from(sorted(part.nodes))
    out.add_edges_from(
        sorted(((*sorted(edge), data) for *edge, data in part.edges(data=True)), key=lambda e: e[:2])
    )
    return out


def _components(part: nx.Graph) -> Iterator[set[str]]:
    """Yield the connected parts in the order of their first code."""
    yield from sorted((set(c) for c in nx.connected_components(part)), key=min)


def _cut(part: nx.Graph, largest: int, seed: int) -> list[set[str]]:
    """Cut a connected part into pieces of at most ``largest`` provinces."""
    if len(part) <= largest:
        return [set(part.nodes)]
    ordered = _ordered(part)
    found = nx.community.louvain_communities(ordered, weight="weight", seed=seed)
    pieces = [set(c) for community in found for c in _components(ordered.subgraph(community))]
    if len(pieces) == 1:
        core = _core(ordered, largest)
        pieces = [core, *_components(ordered.subgraph(set(ordered.nodes) - core))]
    return [small for piece in sorted(pieces, key=min) for small in _cut(part.subgraph(piece), largest, seed)]


def _core(part: nx.Graph, largest: int) -> set[str]:
    """Return the strongest core: from the heaviest edge on, always the province bound to it most."""
    edges = sorted(part.edges(data="weight"), key=lambda e: (-e[2], sorted(e[:2])))
    core = set(edges[0][:2])
    while len(core) < largest:
        bound = {
            node: sum(part[node][other]["weight"] for other in part[node] if other in core)
            for node in sorted(set(part.nodes) - core)
        }
        core.add(min(bound, key=lambda node: (-bound[node], node)))
    return core


def _attach(whole: nx.Graph, groups: list[set[str]], largest: int) -> None:
    """Let provinces left alone join the community of their strongest linkage, where there is room."""
    home = {node: place for place, group in enumerate(groups) for node in group}
    offers = sorted(
        (-data["weight"], a, b)
        for first, second, data in whole.edges(data=True)
        if data["linked"]
        for a, b in ((first, second), (second, first))
        if a not in home and b in home
    )
    for _, node, other in offers:
        place = home[other]
        if node not in home and len(groups[place]) < largest:
            groups[place].add(node)
            home[node] = place


def _held_together(whole: nx.Graph, group: set[str]) -> list[set[str]]:
    """Drop members without a linkage inside the group, and part what then no longer hangs together."""
    inside = whole.subgraph(group)
    linked = {code for a, b, data in inside.edges(data=True) if data["linked"] for code in (a, b)}
    pieces = list(_components(whole.subgraph(linked)))
    if len(pieces) == 1 and linked == group:
        return [group]
    return [small for piece in pieces for small in _held_together(whole, piece)]
