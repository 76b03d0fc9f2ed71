//go:build !windows

package route

// settings are those of the system: there is nothing beside the environment.
func settings() (proxies, bypass string) { return "", "" }
