variable "name" {
  description = "Name of the database"
  type        = string
}

variable "subnets" {
  description = "Where it lives"
  type        = list(string)
}

variable "size" {
  description = "Instance class"
  type        = string
}

variable "production" {
  description = "Whether it must survive a zone and an accident"
  type        = bool
}

variable "alarm_topic" {
  description = "SNS topic that pages whoever is on call"
  type        = string
}
