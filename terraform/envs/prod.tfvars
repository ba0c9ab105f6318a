# What people rely on: two of everything, nothing deleted by mistake.

environment = "prod"

protect            = true
zones              = 3
endpoint_zones     = 2
log_days           = 90
firewall           = true
container_insights = "enabled"
budget_usd         = 500

database = {
  min_capacity = 1
  max_capacity = 16
  instances    = 2
  backup_days  = 14
}

sizes = {
  # Passwords are hashed one at a time on each processor: more of them rather than bigger ones.
  auth   = { serve = { cpu = 512, memory = 1024, min = 2, max = 8 }, work = { min = 2, max = 4 } }
  task   = { serve = { cpu = 512, memory = 1024, min = 2, max = 12 }, work = { min = 2, max = 4 } }
  audit  = { serve = { min = 2, max = 6 }, work = { min = 2, max = 6 } }
  notify = { serve = { min = 2, max = 6 }, work = { min = 2, max = 6 } }
}

canary = {
  percent      = 10
  minutes      = 15
  bake_minutes = 10
}

throttle = {
  rate  = 1000
  burst = 2000
}
