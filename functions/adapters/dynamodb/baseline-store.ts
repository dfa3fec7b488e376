import { DeleteCommand, type DynamoDBDocumentClient, paginateQuery } from "@aws-sdk/lib-dynamodb";
import { baselineOf, counterpart } from "../../core/baseline/baseline";
import { FIRST_FACET_OF_USAGE, firstFacetKept } from "../../core/baseline/facet-kind";
import { type Facet, facetLastDay, isPeer, keptDays, mergeFacets } from "../../core/baseline/facets";
import { lastContact, type PeerFacet } from "../../core/baseline/flow-facets";
import { groupBy } from "../../core/group";
import { DAY } from "../../core/time";
import type { BaselineStore } from "../ports";
import { batchGet } from "./batch-get";
import { mergeItem, withoutRevision } from "./merge-item";
import { TTL_ATTRIBUTE } from "./schema";

type FacetItem = Facet & { entity: string; expiresAt: number };

export function baselineStore(
  client: DynamoDBDocumentClient,
  table: string,
  retentionDays: number,
): BaselineStore {
  return {
    async load(entity, day, part = "all") {
      const facets: Facet[] = [];
      const pages = paginateQuery(
        { client },
        {
          TableName: table,
          ConsistentRead: true,
          KeyConditionExpression: "entity = :entity AND facet >= :first",
          ExpressionAttributeValues: {
            ":entity": entity,
            ":first": part === "usage" ? FIRST_FACET_OF_USAGE : firstFacetKept(day),
          },
        },
      );
      for await (const page of pages) {
        for (const item of page.Items ?? []) facets.push(toFacet(item as FacetItem));
      }
      return baselineOf(facets, day, retentionDays);
    },

    async save(entity, { merged, dropped }, before) {
      const saved: Facet[] = [];
      const toItem = (facet: Facet): FacetItem => ({
        ...facet,
        entity,
        [TTL_ATTRIBUTE]: (facetLastDay(facet) + 1 + keptDays(facet, retentionDays)) * DAY,
      });
      for (const facet of merged) {
        const known = counterpart(before, facet);
        const item = await mergeItem<FacetItem>(
          client,
          table,
          { entity, facet: facet.facet },
          (stored) => toItem(stored === null ? facet : mergeFacets(toFacet(stored), facet, retentionDays)),
          known == null ? null : toItem(known),
        );
        saved.push(toFacet(item.after));
      }
      for (const facet of dropped) {
        await client.send(new DeleteCommand({ TableName: table, Key: { entity, facet } }));
      }
      return saved;
    },

    async contacts(entities, peerKeys) {
      const keys = entities.flatMap((entity) => peerKeys.map((key) => ({ entity, facet: `PEER#${key}` })));
      const items = (await batchGet<FacetItem>(client, table, keys)).filter((item) => isPeer(item));
      return new Map(
        [...groupBy(items, ({ entity }) => entity)].flatMap(([entity, peers]) => {
          const last = lastContact(peers as PeerFacet[]);
          return last === null ? [] : [[entity, last]];
        }),
      );
    },
  };
}

function toFacet(item: FacetItem): Facet {
  const { entity: _, expiresAt: __, ...facet } = withoutRevision(item);
  return facet;
}
