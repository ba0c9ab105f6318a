/** What one looks like to the others. */
import { useMutation } from "@tanstack/react-query";
import { useRef, type ChangeEvent } from "react";
import { removePicture, setPicture } from "../../api/pictures";
import { useMe } from "../../api/session";
import { portrait } from "../../domain/picture";
import { useText } from "../../i18n";
import { adoptPictures } from "../../state/pictures";
import { keys, queries } from "../../state/queries";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { explain } from "../../ui/states";
import { toast } from "../../ui/toast";

const KINDS = "image/png,image/jpeg,image/webp";

/** The browser cannot draw what was chosen. */
class NoPicture extends Error {}

async function upload(file: File) {
  const square = await portrait(file).catch(() => {
    throw new NoPicture();
  });
  return setPicture(square);
}

export function Picture() {
  const t = useText();
  const me = useMe();
  const input = useRef<HTMLInputElement>(null);
  const change = useMutation({
    mutationFn: (file: File | null) => (file ? upload(file) : removePicture()),
    onSuccess: (person) => {
      adoptPictures([person]);
      toast(t.settings.saved);
      return queries.invalidateQueries({ queryKey: keys.members });
    },
    onError: (error) => toast(error instanceof NoPicture ? t.settings.pictureUnfit : explain(error, t), { tone: "bad" }),
  });
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    if (file) change.mutate(file);
    // The same file may be chosen again.
    event.target.value = "";
  };
  return (
    <div className="portrait">
      <Avatar person={me} size="xl" />
      <div>
        <div className="portrait-ways">
          <Button busy={change.isPending} onClick={() => input.current?.click()}>{me.picture ? t.settings.pictureChange : t.settings.pictureAdd}</Button>
          {me.picture && <Button look="quiet" busy={change.isPending} onClick={() => change.mutate(null)}>{t.settings.pictureRemove}</Button>}
        </div>
        <p className="setting-text">{t.settings.pictureNote}</p>
        <input ref={input} type="file" accept={KINDS} hidden aria-label={t.settings.pictureAdd} onChange={choose} />
      </div>
    </div>
  );
}
