// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"strconv"

	"github.com/np-guard/netpol-analyzer/pkg/logger"
	"github.com/np-guard/netpol-analyzer/pkg/manifests/fsscanner"
	"github.com/np-guard/netpol-analyzer/pkg/manifests/parser"
	"github.com/np-guard/netpol-analyzer/pkg/netpol/eval"

	"github.com/watertight-go/watertight/internal/conformance/peers/cases"
)

// evaluator asks the engine about one connection at a time, as its command eval does.
func evaluator(folder string) (func(cases.Query) (bool, error), error) {
	infos, errs := fsscanner.GetResourceInfosFromDirPath([]string{folder}, true, true)
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	quiet := logger.NewDefaultLoggerWithVerbosity(logger.LowVerbosity)
	objects, faults := parser.ResourceInfoListToK8sObjectsList(infos, quiet, true)
	for _, fault := range faults {
		if fault.IsFatal() || fault.IsSevere() {
			return nil, fault.Error()
		}
	}
	engine, err := eval.NewPolicyEngineWithOptionsList(eval.WithLogger(quiet), eval.WithObjectsList(objects))
	if err != nil {
		return nil, err
	}
	return func(q cases.Query) (bool, error) {
		return engine.CheckIfAllowed(q.From, q.To, q.Protocol, strconv.Itoa(q.Port))
	}, nil
}
