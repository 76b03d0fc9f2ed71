//go:build !windows

package tlslayer

import "wdsocket/core/fault"

// fromStore would read the certificate store, which only Windows has.
func fromStore(_, spec string) (material, error) {
	return material{}, bad(fault.Unsupported, spec, nil, noteOnlyWindows)
}
