import { containers, type ContainerKind } from "./containers";

export interface PublishedPort {
  container: ContainerKind;
  /** What is spoken there, a name in the container's own `ports`. */
  protocol: string;
  /** Port inside the container. */
  internal: number;
  /** Port on the host. */
  host: number;
}

/** Every port that a stack may publish on its host, from the catalog and the stack's offset. */
export function publishedPorts(offset: number): PublishedPort[] {
  return Object.entries(containers).flatMap(([container, { ports }]) =>
    Object.entries(ports).map(([protocol, internal]) => ({
      container: container as ContainerKind,
      protocol,
      internal,
      host: internal + offset,
    })),
  );
}
