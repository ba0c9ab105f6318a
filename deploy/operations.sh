# shellcheck shell=bash
# What the scripts that change a running environment share. It is sourced after lib.sh, never run.
#
#   help_if_asked ARGUMENTS...       prints the comment at the head of the script for --help, and for no argument at all
#   confirm WHAT                     ends the script unless somebody types the environment's name
#   a_service NAME                   ends the script when there is no such service
#   a_part NAME                      the same, where `web` is possible too
#   deploy_part SERVICE PART IMAGE   brings `work` or `serve` of a service to an image; 1 when ECS rolled back, 2 when it
#                                    has not made up its mind
#   deploy_image SERVICE IMAGE       both, then remembers the image; takes both back when one fails
#   deploy_web IMAGE                 publishes the web app of the image `gateway`, and remembers it
#   task_log SERVICE                 prints what the last one-off task of the service said
#   restart SERVICE PART             new tasks with the same image: what they read at their start is read anew

# Consumers before producers: what a new producer says must find somebody who understands it.
# shellcheck disable=SC2034 # used by the scripts that source this file
RELEASE_ORDER=(audit notify task auth)
# Workers first: they speak with nobody outside, and a worker that fails costs no request.
PARTS=(work serve)

help_if_asked() {
  local argument
  for argument in "${@:---help}"; do
    if [ "$argument" = --help ] || [ "$argument" = -h ]; then
      sed -n '2,/^[^#]/ { /^#/ s/^# \{0,1\}//p }' "$0"
      exit 0
    fi
  done
}

confirm() {
  local answer
  say "$1"
  [ -t 0 ] || fail "nobody is there to confirm it"
  read -r -p "Type $ENVIRONMENT to go on: " answer
  [ "$answer" = "$ENVIRONMENT" ] || fail "nothing was done"
}

a_service() {
  local service
  for service in "${SERVICES[@]}"; do
    [ "$service" != "${1:-}" ] || return 0
  done
  fail "there is no service ${1:-}: name one of ${SERVICES[*]}"
}

a_part() { [ "${1:-}" = web ] || a_service "$@"; }

# What ECS was last told to run.
current_revision() {
  aws ecs describe-services --cluster "$(fact .cluster)" --services "$1" \
    --query 'services[0].taskDefinition' --output text
}

image_of_revision() {
  aws ecs describe-task-definition --task-definition "$1" \
    --query "taskDefinition.containerDefinitions[?name=='onus'].image | [0]" --output text
}

family_of() {
  local name=${1##*/}
  printf '%s' "${name%:*}"
}

is_under_way() {
  case $(newest_deployment "$1" | jq -r '.status // empty') in
    PENDING | IN_PROGRESS | STOP_REQUESTED | ROLLBACK_REQUESTED | ROLLBACK_IN_PROGRESS) return 0 ;;
    *) return 1 ;;
  esac
}

deploy_part() {
  local service=$1 part=$2 image=$3 name before revision began
  # Bash does not stop at errors in a function whose failure somebody handles: hence every `return`.
  name=$(fact ".services.$service.$part") || return 1
  before=$(current_revision "$name") || return 1
  revision=$(register_image "$(family_of "$before")" "$image") || return 1
  if [ "$before" = "$revision" ]; then
    # Said before: by an earlier run of this script that was interrupted, or long ago.
    is_under_way "$name" || {
      say "$name: runs it already"
      return
    }
    await_verdict "$name" && return
    if is_under_way "$name"; then return 2; fi
    forget_revision "$revision" "$name"
    return 1
  fi
  began=$(date +%s)
  aws ecs update-service --cluster "$(fact .cluster)" --service "$name" --task-definition "$revision" >/dev/null ||
    return 1
  await_verdict "$name" "$began" && return
  if is_under_way "$name"; then
    say "$name: still under way. It is left alone"
    return 2
  fi
  # ECS is back at the revision before. Terraform looks at the newest one that is not deregistered.
  forget_revision "$revision" "$name"
  return 1
}

forget_revision() {
  local revision=$1 name=$2
  if [ "$(current_revision "$name")" = "$revision" ]; then
    say "$name still runs ${revision##*/}: look at it before anything else"
  else
    aws ecs deregister-task-definition --task-definition "$revision" >/dev/null
  fi
}

deploy_image() {
  local service=$1 image=$2 work before code=0
  work=$(fact ".services.$service.work") || return 1
  # Where it goes back to: what was released last, or what the installer began with.
  before=$(release_of "$service") || return 1
  [ -n "$before" ] || before=$(image_of_revision "$(current_revision "$work")") || return 1
  deploy_part "$service" work "$image" || code=$?
  if [ $code = 0 ]; then deploy_part "$service" serve "$image" || code=$?; fi
  if [ $code != 0 ]; then
    [ $code = 1 ] || return $code
    [ "$before" = "$image" ] || {
      say "$work: back to what it ran before"
      deploy_part "$service" work "$before" || say "$work did not come back"
    }
    one_off "$service" "$before"
    return 1
  fi
  one_off "$service" "$image" || return 1
  [ "$(release_of "$service")" = "$image" ] || put_release "$service" "$image"
}

# One-off tasks are of the released image too. Terraform compares all three families with it.
one_off() {
  local family
  family=$(fact ".services.$1.migrate") || return 1
  register_image "$family" "$2" >/dev/null
}

# The web app was built once, into this image: what is published is the same in every environment.
deploy_web() {
  local image=$1 folder container
  if [ "$(release_of web)" = "$image" ]; then
    say "web: published already"
    return
  fi
  need docker
  aws ecr get-login-password | docker login --username AWS --password-stdin "${image%%/*}" >/dev/null
  folder=$(mktemp -d)
  # Nothing of it runs, so any processor's will do.
  docker pull --quiet "$image" >/dev/null
  container=$(docker create "$image")
  docker cp --quiet "$container:/srv/onus/." "$folder"
  docker rm "$container" >/dev/null
  publish_web "$folder"
  rm -rf "$folder"
  put_release web "$image"
}

# A log comes a few seconds after the end of its task.
task_log() {
  local service=$1 said=""
  for _ in 1 2 3 4 5 6; do
    said=$(aws logs get-log-events --log-group-name "$(fact ".services.$service.log_group")" \
      --log-stream-name "migrate/onus/${LAST_TASK##*/}" --limit 200 --start-from-head \
      --output json 2>/dev/null | jq -r '.events[].message') || true
    [ -z "$said" ] || break
    sleep 5
  done
  printf '%s\n' "${said:-(there is no log)}"
}

restart() {
  local service=$1 part=$2 name began
  name=$(fact ".services.$service.$part") || return 1
  say "$name: new tasks"
  began=$(date +%s)
  aws ecs update-service --cluster "$(fact .cluster)" --service "$name" --force-new-deployment >/dev/null || return 1
  await_verdict "$name" "$began"
}
