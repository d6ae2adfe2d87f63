variable "name" {
  description = "Prefix of names"
  type        = string
}

variable "cidr" {
  description = "Addresses of the network"
  type        = string
}

variable "zones" {
  description = "Availability zones"
  type        = list(string)
}
