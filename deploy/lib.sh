# shellcheck shell=bash
# What the scripts of this folder share. It is sourced after `set -euo pipefail`, never run.
#
#   environment NAME            chooses dev or prod; everything below is about it
#   say, step, fail             words for people, on stderr
#   need TOOL...                ends the script when a tool is missing
#   facts                       asks what Terraform says about the environment; before everything below
#   fact FILTER                 one of those facts, by a filter of jq
#   state_bucket                where Terraform's state is kept
#   terraform_init              makes terraform/ ready for the environment's state
#   release_of SERVICE          the image that was released last, or nothing
#   put_release SERVICE IMAGE   remembers an image as released: Terraform reads it
#   register_image FAMILY IMAGE a task definition that differs from the newest one in the image only; prints its ARN
#   run_task SERVICE COMMAND... one-off task; its log and a failure when it does not end with 0
#   await_verdict SERVICE [AT]  what ECS itself says about the deployment since AT (seconds, `date +%s`)
#   awaiting_hook SERVICE       the hook at which a deployment waits for `deploy/promote`, or nothing
#   publish_web DIR             uploads the built web app and makes CloudFront forget the old one
#
# SERVICE is auth, task, audit or notify; for await_verdict and awaiting_hook it is the name of an ECS service.

export AWS_PAGER=""
# The order in which migrations run: task, audit and notify know people only from auth.
# shellcheck disable=SC2034 # used by the scripts that source this file
SERVICES=(auth task audit notify)
REPOSITORY_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s  %s\n' "$(date -u +%H:%M:%S)" "$*" >&2; }
step() { printf '\n%s  == %s\n' "$(date -u +%H:%M:%S)" "$*" >&2; }
fail() {
  say "FAILED: $*"
  exit 1
}

need() {
  local tool missing=()
  for tool in "$@"; do
    command -v "$tool" >/dev/null || missing+=("$tool")
  done
  [ ${#missing[@]} -eq 0 ] || fail "please install: ${missing[*]}"
}

# Region, domain and alarm address stand in the environment's tfvars, or in TF_VAR_region, TF_VAR_domain, TF_VAR_alarm_email.
environment() {
  local values written
  [[ ${1:-} =~ ^[a-z][a-z0-9]{1,11}$ ]] || fail "name an environment, such as dev or prod"
  values=$REPOSITORY_ROOT/terraform/envs/$1.tfvars
  [ -f "$values" ] || fail "there is no terraform/envs/$1.tfvars"
  ENVIRONMENT=$1
  written=$(sed -nE 's/^region[[:space:]]*=[[:space:]]*"([^"]+)".*/\1/p' "$values")
  AWS_REGION=${AWS_REGION:-${TF_VAR_region:-${written:-${AWS_DEFAULT_REGION:-$(aws configure get region || true)}}}}
  [ -n "$AWS_REGION" ] || fail "set AWS_REGION, or region in terraform/envs/$1.tfvars"
  [ -z "$written" ] || [ "$written" = "$AWS_REGION" ] || fail "AWS_REGION is $AWS_REGION, but $1 lives in $written"
  export ENVIRONMENT AWS_REGION AWS_DEFAULT_REGION=$AWS_REGION TF_VAR_region=$AWS_REGION
  FACTS=""
}

state_bucket() {
  printf 'onus-state-%s-%s' "$(aws sts get-caller-identity --query Account --output text)" "$AWS_REGION"
}

terraform_init() {
  terraform -chdir="$REPOSITORY_ROOT/terraform" init -input=false -reconfigure \
    -backend-config="bucket=$(state_bucket)" -backend-config="region=$AWS_REGION" \
    -backend-config="key=onus/$ENVIRONMENT/terraform.tfstate" >/dev/null
}

# Terraform keeps its output `deployment` in a parameter as well, so that a pipeline needs neither the state nor the
# right to read it.
facts() {
  FACTS=$(aws ssm get-parameter --name "/onus/$ENVIRONMENT/deployment" --query Parameter.Value --output text) ||
    fail "the foundation of $ENVIRONMENT is not applied in $AWS_REGION"
}

fact() {
  [ -n "$FACTS" ] || fail "call \`facts\` first"
  jq -er "$1" <<<"$FACTS" || fail "Terraform's output \`deployment\` lacks $1"
}

release_of() {
  aws ssm get-parameters --names "/onus/$ENVIRONMENT/release/$1" --query 'Parameters[].Value' --output text
}

put_release() {
  [[ $2 =~ @sha256:[0-9a-f]{64}$ ]] || fail "not a digest reference: $2"
  aws ssm put-parameter --name "/onus/$ENVIRONMENT/release/$1" --type String --value "$2" --overwrite >/dev/null
}

register_image() {
  local family=$1 image=$2 found next
  found=$(aws ecs describe-task-definition --task-definition "$family" --include TAGS --output json)
  # The service's own container bears its name; a collector beside it keeps its image.
  next=$(jq --arg image "$image" '
    . as $found | .taskDefinition
    | .containerDefinitions |= map(if .name == "onus" then .image = $image else . end)
    | del(.taskDefinitionArn, .revision, .status, .requiresAttributes, .compatibilities,
          .registeredAt, .registeredBy, .deregisteredAt)
    | if ($found.tags | length) > 0 then .tags = $found.tags else . end' <<<"$found")
  if jq -e --argjson next "$next" '.taskDefinition.containerDefinitions == $next.containerDefinitions' \
    <<<"$found" >/dev/null; then
    jq -r .taskDefinition.taskDefinitionArn <<<"$found"
  else
    aws ecs register-task-definition --cli-input-json "$next" \
      --query taskDefinition.taskDefinitionArn --output text
  fi
}

run_task() {
  local service=$1 request answer task code word command='[]'
  shift
  say "$service: $*"
  # Word for word: jq would take options of the command for its own.
  for word in "$@"; do command=$(jq -c --arg word "$word" '. + [$word]' <<<"$command"); done
  request=$(fact . | jq --arg service "$service" --argjson command "$command" '{
    cluster,
    taskDefinition: .services[$service].migrate,
    count: 1,
    capacityProviderStrategy: [{capacityProvider: .capacity_provider, weight: 1}],
    networkConfiguration: {awsvpcConfiguration: {
      subnets, securityGroups: [.security_group], assignPublicIp: "DISABLED"}},
    overrides: {containerOverrides: [{name: "onus", $command}]},
    propagateTags: "TASK_DEFINITION",
    startedBy: "deploy"
  }')
  answer=$(aws ecs run-task --cli-input-json "$request" --output json)
  task=$(jq -r '.tasks[0].taskArn // empty' <<<"$answer")
  [ -n "$task" ] || fail "$service: the task did not start: $(jq -c .failures <<<"$answer")"
  # shellcheck disable=SC2034 # for whoever wants its log although it did not fail
  LAST_TASK=$task
  # The waiter gives up after ten minutes; a long migration may take several rounds.
  for _ in 1 2 3 4 5 6; do
    aws ecs wait tasks-stopped --cluster "$(fact .cluster)" --tasks "$task" 2>/dev/null && break
  done
  answer=$(aws ecs describe-tasks --cluster "$(fact .cluster)" --tasks "$task" --output json)
  code=$(jq -r '.tasks[0].containers[] | select(.name == "onus") | .exitCode // "none"' <<<"$answer")
  if [ "$code" != 0 ]; then
    say "$service: $(jq -r '.tasks[0] | .stoppedReason // .lastStatus' <<<"$answer")"
    aws logs get-log-events --log-group-name "$(fact ".services.$service.log_group")" \
      --log-stream-name "migrate/onus/${task##*/}" --limit 200 --start-from-head \
      --query 'events[].message' --output text >&2 || say "there is no log"
    fail "$service: \`$*\` ended with exit code $code"
  fi
}

# One JSON object: the deployment of an ECS service that began last, after AT when it is given.
newest_deployment() {
  local service=$1 after=${2:-} filter=() arn
  # Clocks differ: a few seconds more do no harm, as nobody deploys twice within them.
  [ -z "$after" ] || filter=(--created-at "after=$((after - 10))")
  arn=$(aws ecs list-service-deployments --cluster "$(fact .cluster)" --service "$service" "${filter[@]}" \
    --output json | jq -r '[.serviceDeployments[]] | sort_by(.createdAt) | last | .serviceDeploymentArn // empty')
  [ -n "$arn" ] || return 0
  aws ecs describe-service-deployments --service-deployment-arns "$arn" --output json |
    jq -c '.serviceDeployments[0]'
}

waiting_hook() { jq -r '[.lifecycleHookDetails[]? | select(.status == "AWAITING_ACTION")][0].hookId // empty'; }

awaiting_hook() { newest_deployment "$1" | waiting_hook; }

# A deployment that rolled back looks healthy to everybody else: only its own status tells. Gives up after
# VERDICT_MINUTES (three hours), which leaves the deployment to itself.
await_verdict() {
  local service=$1 after=${2:-} until deployment status hook said="" told=""
  until=$(($(date +%s) + ${VERDICT_MINUTES:-180} * 60))
  while [ "$(date +%s)" -lt "$until" ]; do
    deployment=$(newest_deployment "$service" "$after")
    [ -n "$deployment" ] || deployment='{"status": "not begun"}'
    status=$(jq -r .status <<<"$deployment")
    [ "$status" = "$said" ] || say "$service: $status"
    said=$status
    case $status in
      SUCCESSFUL) return 0 ;;
      STOPPED | ROLLBACK_SUCCESSFUL | ROLLBACK_FAILED)
        say "$service: $(jq -r '[.statusReason, .rollback.reason] | map(select(.)) | join("; ")' <<<"$deployment")"
        return 1
        ;;
    esac
    hook=$(waiting_hook <<<"$deployment")
    [ -z "$hook" ] || [ "$hook" = "$told" ] || say "$service waits for: deploy/promote $ENVIRONMENT"
    told=$hook
    sleep "${VERDICT_PAUSE:-15}"
  done
  say "$service: no verdict in time"
  return 1
}

# Files under assets/ bear a hash and never change; everything else must be asked for anew. What `.well-known` holds is
# auth-service's. Old assets stay, since open tabs still load them. The page itself goes last.
publish_web() {
  local from=$1 bucket
  bucket=s3://$(fact .site_bucket)
  [ -f "$from/index.html" ] || fail "$from holds no built web app"
  aws s3 sync "$from/assets" "$bucket/assets" --only-show-errors \
    --cache-control "public, max-age=31536000, immutable"
  aws s3 sync "$from" "$bucket" --only-show-errors --delete --cache-control "no-cache" \
    --exclude "assets/*" --exclude ".well-known/*" --exclude index.html
  aws s3 cp "$from/index.html" "$bucket/index.html" --only-show-errors --cache-control "no-cache" \
    --content-type "text/html; charset=utf-8"
  aws cloudfront create-invalidation --distribution-id "$(fact .distribution_id)" --paths "/*" \
    --query Invalidation.Id --output text >/dev/null
}
