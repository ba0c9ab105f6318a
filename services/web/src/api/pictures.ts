/** auth-service: what people look like. */
import { answer, client } from "./client";
import { updateMe } from "./session";
import type { Me } from "./types";

export const memberPicture = (id: string): Promise<Blob> =>
  answer(client.GET("/api/members/{id}/picture", { params: { path: { id } }, parseAs: "blob" })) as Promise<Blob>;

export async function setPicture(picture: Blob): Promise<Me> {
  const person = await answer(
    client.PUT("/api/auth/me/picture", {
      body: picture as unknown as string,
      bodySerializer: (body) => body,
      headers: { "Content-Type": picture.type },
    }),
  );
  updateMe(person);
  return person;
}

export async function removePicture(): Promise<Me> {
  const person = await answer(client.DELETE("/api/auth/me/picture"));
  updateMe(person);
  return person;
}
