import { z } from "zod";
import { IMAGE_NAMES, type ImageName } from "../catalog/images";
import { field, hundredths, integer, oneOf, text } from "./fields";
import { variablesSchema } from "./gameVariables";
import { refusalText, show } from "./refusal";
import { parseCommand, parseHealthCheck, parseImageRef } from "./settingsValues";

const REGISTRY_HOST = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i;

const ownImage = z.strictObject({
  ref: field(parseImageRef),
  user: text({
    what: "a numeric uid:gid",
    pattern: /^\d{1,10}:\d{1,10}$/,
    maxLength: 21,
    advice: "Write the ids that the image runs as, such as 1000:1000.",
  }).optional(),
  health: field(parseHealthCheck).optional(),
});

/** What a program costs its CPU, for those that cost much. */
const needs = {
  startCpuSeconds: integer({
    what: "a whole number of CPU-seconds",
    min: 1,
    max: 600,
    advice: "Write how much CPU time it takes from its start until it is ready.",
  }).optional(),
  healthCpuSeconds: hundredths({
    what: "an amount of CPU-seconds",
    min: 0.01,
    max: 5,
    advice: "Write how much CPU time one health test takes, such as 0.3 for one that starts Python.",
  }).optional(),
};

/** By host, and not by name: the login of the registry that an image's name begins with. */
const registries = z
  .record(
    z.string(),
    z.strictObject({
      username: text({
        what: "the name of an account",
        pattern: /^[^\s:\0][^\0\r\n:]*$/,
        maxLength: 255,
        advice: "Write the name that docker login asks for.",
      }),
      passwordFile: text({
        what: "a file on the machine that deploys, relative to the project or absolute",
        pattern: /^[^\0\r\n]+$/,
        maxLength: 1024,
        advice: "Write the path of a file that holds the password alone; settings are not secret.",
      }),
    }),
  )
  .superRefine((value, context) => {
    for (const host of Object.keys(value).filter((key) => !REGISTRY_HOST.test(key))) {
      const message = refusalText(
        show(host),
        "a registry's host as images name it, such as ghcr.io or 10.0.0.5:5000, or docker.io",
        "Write the host without https:// and path.",
      );
      context.addIssue({ code: "custom", path: [host], message });
    }
  });

type Ordinary = Exclude<ImageName, "gameServer">;
const ordinary = Object.fromEntries(IMAGE_NAMES.map((name) => [name, ownImage.optional()])) as Record<
  Ordinary,
  z.ZodOptional<typeof ownImage>
>;

/** The settings about images and where they come from, as keys of the settings' schema. */
export const imageSettings = {
  images: oneOf(["local", "registry"]).optional(),
  imageOverrides: z
    .strictObject({
      ...ordinary,
      gameServer: ownImage
        .extend({
          ...needs,
          workerHealth: field(parseHealthCheck).optional(),
          env: variablesSchema.optional(),
          nexusEnv: variablesSchema.optional(),
          regionEnv: variablesSchema.optional(),
        })
        .optional(),
      worker: ownImage
        .partial({ ref: true })
        .extend({ ...needs, command: field(parseCommand).optional() })
        .optional(),
    })
    .optional(),
  worker: oneOf(["run", "none"]).optional(),
  registries: registries.optional(),
};
